import type { HttpRule, WorkloadSpec } from "../../../../model/workload-spec.ts";
import type { ImportedLoadBalancer, WorkloadFacts } from "../../workload-facts.ts";
import { sortedEntries, toOrdinal } from "./naming.ts";

/** A rule with what the environment decides about it. */
export interface RoutedRule {
  readonly rule: HttpRule;
  /** Ending of the logical IDs of its resources. */
  readonly ordinal: string;
  /** With its leading slash. */
  readonly path: string;
  /** What the listener compares a request's path with. */
  readonly pathPatterns: readonly string[];
  /** Host names; without HTTPS a rule has none. */
  readonly aliases: readonly string[];
  readonly redirectToHttps: boolean;
}

/** How an application load balancer reaches a workload. */
export interface HttpRouting {
  readonly scope: "public" | "internal";
  readonly https: boolean;
  readonly imported?: ImportedLoadBalancer | undefined;
  readonly rules: readonly RoutedRule[];
  /** Every alias once, in the order of the rules. */
  readonly aliases: readonly string[];
  /** The main rule's aliases that get records, by hosted zone. */
  readonly aliasesByZone: readonly (readonly [zone: string, aliases: readonly string[]])[];
}

/** A path with the leading slash that load balancers want. */
export const toRootedPath = (path: string): string => (path.startsWith("/") ? path : `/${path}`);

/**
 * Whether requests to the workload are answered over HTTPS: an application's domain or imported certificates turn it on for
 * the public load balancer, imported certificates alone for the internal one.
 */
export function isHttpsEnabled(spec: WorkloadSpec, facts: WorkloadFacts): boolean {
  if (spec.http === undefined) return false;
  const { publicHttp, privateHttp } = facts.environment.certificates;
  if (spec.http.scope === "internal") return privateHttp.length > 0;
  return facts.application.domain !== undefined || publicHttp.length > 0;
}

/** Resolves a workload's HTTP rules in its environment; `undefined` when it has none. */
export function routeHttp(spec: WorkloadSpec, facts: WorkloadFacts): HttpRouting | undefined {
  const { http } = spec;
  if (http === undefined) return undefined;
  const https = isHttpsEnabled(spec, facts);
  const rules = http.rules.map((rule, index) => routeRule(rule, { index, https, internal: http.scope === "internal" }));
  return {
    scope: http.scope,
    https,
    imported: facts.importedLoadBalancer,
    rules,
    aliases: [...new Set(rules.flatMap((rule) => rule.aliases))],
    aliasesByZone: groupByZone(http.rules[0]),
  };
}

function routeRule(rule: HttpRule, context: { readonly index: number; readonly https: boolean; readonly internal: boolean }): RoutedRule {
  const path = toRootedPath(rule.path);
  return {
    rule,
    ordinal: toOrdinal(context.index),
    path,
    pathPatterns: path === "/" ? ["/*"] : [path, `${path}/*`],
    aliases: context.https ? rule.aliases.map(({ name }) => name) : [],
    redirectToHttps: context.internal ? context.https : rule.redirectToHttps,
  };
}

function groupByZone(rule: HttpRule): HttpRouting["aliasesByZone"] {
  const zones: Record<string, string[]> = {};
  for (const { name, hostedZone = rule.hostedZone } of rule.aliases) {
    if (hostedZone === undefined) continue;
    const names = (zones[hostedZone] ??= []);
    if (!names.includes(name)) names.push(name);
  }
  return sortedEntries(zones);
}
