import { either, strictEither } from "../../manifest/schema/alternatives.ts";
import { list } from "../../manifest/schema/collections.ts";
import { optional, required } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { choice, duration, flag, integer, port, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { TreePath } from "../../manifest/tree.ts";
import type { HostAlias, HttpRule, TargetHealthCheck } from "../../model/workload-spec.ts";
import { cidr } from "../../manifest/schema/cidr.ts";
import type { ExposedPorts, PortRequest } from "./ports.ts";
import { given } from "./values.ts";

/** Seconds that requests under way may still take where nothing else is said. */
export const defaultDeregistrationDelay = 60;

const checkFields = {
  healthy_threshold: optional(integer(), "Checks in a row that have to succeed.", { documentedDefault: 5 }),
  unhealthy_threshold: optional(integer(), "Checks in a row that have to fail.", { documentedDefault: 2 }),
  timeout: optional(duration(), "Time that one check may take.", { documentedDefault: "5s" }),
  interval: optional(duration(), "Time between two checks.", { documentedDefault: "30s" }),
};

/** How the load balancer tells that a task is well: a path, or a map. */
export const httpHealthCheck = strictEither(
  text({ noun: "a path", minLength: 1 }),
  record({
    path: optional(text(), "Path that is asked for.", { documentedDefault: "/" }),
    port: optional(integer(), "Port that is asked.", { defaultNote: "the rule's target port" }),
    success_codes: optional(text(), "Status codes of a healthy task, such as `200,301` or `200-299`.", { documentedDefault: "200" }),
    ...checkFields,
    grace_period: optional(duration(), "Time after the start in which failed checks do not count.", { documentedDefault: "60s" }),
  }),
);

/** How a network load balancer tells that a task is well. */
export const networkHealthCheck = record({
  port: optional(integer(), "Port that is asked.", { defaultNote: "the listener's target port" }),
  ...checkFields,
  grace_period: optional(duration(), "Time after the start in which failed checks do not count.", { documentedDefault: "60s" }),
});

const advancedAlias = record({
  name: required(text({ noun: "a host name" }), "Host name of the service."),
  hosted_zone: optional(text(), "Hosted zone that gets the name's record.", { docker: "notice" }),
});

/** Host names: one, a list, or a list of maps with the hosted zone of each. */
export const alias = either(text({ noun: "a host name" }), list(text({ noun: "a host name" })), list(advancedAlias));

const ruleFields = {
  path: required(text({ noun: "a path" }), "Requests whose path starts with this reach the service; `/` matches all."),
  version: optional(choice(["GRPC", "HTTP1", "HTTP2"], { ignoreCase: true }), "Protocol that the container speaks.", {
    documentedDefault: "HTTP1",
  }),
  healthcheck: optional(httpHealthCheck, "How the load balancer tells that a task is well: a path, or a map.", { documentedDefault: "/" }),
  stickiness: optional(flag(), "Sends a visitor's requests to the same task.", { documentedDefault: false }),
  alias: optional(alias, "Host names of the service: one, a list, or a list of maps."),
  deregistration_delay: optional(duration(), "Time that requests under way may still take when a task is stopped.", {
    documentedDefault: "60s",
  }),
  target_container: optional(text(), "Container that receives the requests.", { defaultNote: "the main container" }),
  target_port: optional(port(), "Port that receives the requests.", { defaultNote: "the container's port" }),
  allowed_source_ips: optional(list(cidr), "CIDR blocks that may send requests.", { defaultNote: "anyone" }),
  hosted_zone: optional(text(), "Hosted zone that gets the records of the aliases.", { docker: "notice" }),
  redirect_to_https: optional(flag(), "Redirects HTTP to HTTPS.", { documentedDefault: true }),
};

const rule = record(ruleFields);

/** Requests over HTTP: the main rule's fields, and further rules. */
export const http = record(
  {
    alb: optional(text(), "Name or ARN of a load balancer that exists.", { docker: "notice" }),
    ...ruleFields,
    targetContainer: optional(text(), "Former spelling of `target_container`.", { deprecatedFor: "target_container" }),
    additional_rules: optional(list(rule), "Further rules, each with the fields of the main one."),
  },
  [],
  { emptyIsAbsent: true },
);

type Http = Infer<typeof http>;
type Rule = Infer<typeof rule>;

/** The rules of `http`, each with its path in the manifest: the main one first. */
export function rulesOf(value: Http): readonly (readonly [Rule, TreePath])[] {
  const target = value.target_container ?? value.targetContainer;
  const main: Rule = { ...value, ...given("target_container", target) };
  return [[main, ["http"]], ...(value.additional_rules ?? []).map((entry, index) => [entry, ["http", "additional_rules", index]] as const)];
}

const aliasNames = (value: Infer<typeof alias> | undefined): readonly HostAlias[] => {
  if (value === undefined) return [];
  if (typeof value === "string") return [{ name: value }];
  return value.map((entry) =>
    typeof entry === "string" ? { name: entry } : { name: entry.name, ...given("hostedZone", entry.hosted_zone) },
  );
};

/** What the rules of `http` have to satisfy, each by itself. */
export function checkHttp(value: Http | undefined, findings: Findings): void {
  if (value === undefined) return;
  if (value.target_container !== undefined && value.targetContainer !== undefined)
    findings.error(
      ["http", "targetContainer"],
      "`targetContainer` is the former spelling of `target_container`: only one of them can be given.",
    );
  for (const [entry, at] of rulesOf(value)) checkRule(entry, at, findings);
  for (const [index, entry] of (value.additional_rules ?? []).entries())
    if (typeof entry.healthcheck === "object" && entry.healthcheck.grace_period !== undefined)
      findings.error(
        ["http", "additional_rules", index, "healthcheck", "grace_period"],
        "The grace period belongs to the main rule: `http.healthcheck.grace_period`.",
      );
}

function checkRule(entry: Rule, at: TreePath, findings: Findings): void {
  const names = aliasNames(entry.alias);
  if (entry.hosted_zone !== undefined && names.length === 0)
    findings.error([...at, "hosted_zone"], "`hosted_zone` needs `alias`: without a name there is no record to write.");
  const conditions = names.length + (entry.allowed_source_ips?.length ?? 0);
  if (conditions >= 5)
    findings.error(
      [...at, entry.alias === undefined ? "allowed_source_ips" : "alias"],
      `A rule takes at most 4 aliases and source addresses together, and this one has ${conditions}.`,
      "Split them over `http.additional_rules` with the same path.",
    );
}

/** The ports that rules name. */
export function httpPorts(value: Http | undefined): readonly PortRequest[] {
  return (value === undefined ? [] : rulesOf(value)).flatMap(([entry, at]) =>
    entry.target_port === undefined
      ? []
      : [
          {
            at: [...at, "target_port"],
            port: entry.target_port,
            protocol: "tcp" as const,
            own: false,
            ...given("container", entry.target_container),
          },
        ],
  );
}

/** A container and the port of it that receives traffic. */
export interface Target {
  readonly container: string;
  readonly port: number;
}

/** The container and port that a rule names, or names half of; `undefined` where it leaves both to the main container. */
export function namedTarget(entry: Pick<Rule, "target_container" | "target_port">, main: string, ports: ExposedPorts): Target | undefined {
  const { target_container: container, target_port: number } = entry;
  if (number !== undefined) return { container: container ?? ports.containerOf(number) ?? main, port: number };
  if (container === undefined || container === main) return undefined;
  const own = ports.ownPort(container);
  return own === undefined ? undefined : { container, port: own.port };
}

/** The spec's form of a rule; `undefined` where nothing listens. */
export function toHttpRule(entry: Rule, main: string, ports: ExposedPorts): HttpRule | undefined {
  const own = ports.ownPort(main);
  const target = namedTarget(entry, main, ports) ?? (own === undefined ? undefined : { container: main, port: own.port });
  if (target === undefined) return undefined;
  return {
    path: entry.path,
    aliases: aliasNames(entry.alias),
    ...given("hostedZone", entry.hosted_zone),
    targetContainer: target.container,
    targetPort: target.port,
    ...given("version", entry.version === undefined ? undefined : versions[entry.version]),
    healthCheck: toTargetHealthCheck(entry.healthcheck),
    stickiness: entry.stickiness ?? false,
    deregistrationDelay: entry.deregistration_delay ?? defaultDeregistrationDelay,
    allowedSourceIps: entry.allowed_source_ips ?? [],
    redirectToHttps: entry.redirect_to_https ?? true,
    ...(entry.redirect_to_https === undefined ? {} : { redirectToHttpsStated: true }),
  };
}

const versions = { GRPC: "grpc", HTTP1: "http1", HTTP2: "http2" } as const;

const withSlash = (path: string): string => (path.startsWith("/") ? path : `/${path}`);

/** The spec's form of a health check over HTTP: its path always starts with a slash. */
export function toTargetHealthCheck(value: Infer<typeof httpHealthCheck> | undefined): TargetHealthCheck {
  if (value === undefined || typeof value === "string") return { path: withSlash(value ?? "/") };
  return {
    path: withSlash(value.path ?? "/"),
    ...given("port", value.port),
    ...given("successCodes", value.success_codes),
    ...toThresholds(value),
  };
}

/** The spec's form of what health checks of both kinds have. */
export function toThresholds(value: Infer<typeof networkHealthCheck>): Omit<TargetHealthCheck, "path" | "port" | "successCodes"> {
  return {
    ...given("healthyThreshold", value.healthy_threshold),
    ...given("unhealthyThreshold", value.unhealthy_threshold),
    ...given("interval", value.interval),
    ...given("timeout", value.timeout),
  };
}

/** The grace period of a health check, in seconds. */
export const gracePeriodOf = (value: Infer<typeof httpHealthCheck> | undefined): number | undefined =>
  typeof value === "object" ? value.grace_period : undefined;

/** The spec's form of host names. */
export const toAliases = aliasNames;
