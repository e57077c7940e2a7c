import { internalName, publicName } from "../../targets/docker/compile/names.ts";
import type { HttpRuleDocument } from "../../targets/docker/stack-document.ts";
import type { RoutedEnvironment, RoutedRule, RoutedWorkload } from "./ingress.ts";
import { notFoundPage, notReadyPage } from "./pages.ts";
import { toProxy } from "./caddy-proxy.ts";
import { siteHandlers } from "./caddy-site.ts";
import { soleHostOwner } from "./urls.ts";

/** A piece of Caddy's JSON configuration. */
export type CaddyValue = string | number | boolean | null | readonly CaddyValue[] | { readonly [key: string]: CaddyValue };
/** An object of Caddy's JSON configuration. */
export type CaddyObject = { readonly [key: string]: CaddyValue };

/** An environment with what its routes need of the engine. */
export interface PlacedEnvironment extends RoutedEnvironment {
  /** Of its network: whoever asks from there is a task of it. */
  readonly subnet: string;
  /** Of its name server: tasks are found there by name, so that a change of tasks changes no configuration. */
  readonly dnsAddress: string;
}

/** Where requests that shall find HTTPS are sent. */
export interface Door {
  /** `redirect` at a port without TLS beside which there is one with it. */
  readonly https: "redirect" | "here" | "none";
  readonly httpsPort: number;
}

/** The name by which the ingress asks for the tasks of a workload. */
export const upstreamName = (workload: string): string => `${workload}.ingress.copilot.`;

/** A rule with the workload it belongs to. */
interface OwnedRule extends RoutedRule {
  readonly workload: RoutedWorkload;
}

const pathMatch = (path: string): CaddyObject => {
  if (path === "/") return {};
  const exact = path.replace(/\/$/, "");
  return { path: [exact, `${exact}/*`] };
};

/**
 * Own names before any name, long paths before short ones: the most specific rule wins whatever the order of services. Of equal ones the
 * first wins.
 */
function bySpecificity(a: OwnedRule, b: OwnedRule): number {
  const hosts = Number(b.rule.hosts.length > 0) - Number(a.rule.hosts.length > 0);
  return hosts || lengthOf(b.rule.path) - lengthOf(a.rule.path);
}

/** `/shop` and `/shop/` are one path. */
const lengthOf = (path: string): number => path.replace(/\/$/, "").length;

const rulesOf = (environment: PlacedEnvironment): readonly OwnedRule[] =>
  environment.workloads.flatMap((workload) => (workload.http?.rules ?? []).map((rule) => ({ ...rule, workload }))).toSorted(bySpecificity);

function toHandlers(environment: PlacedEnvironment, owned: OwnedRule, door: Door): readonly CaddyValue[] {
  const { rule, upstreams, workload } = owned;
  if (rule.redirectToHttps && door.https === "redirect") return [redirect(door)];
  if (upstreams.length === 0) return [notReadyPage(workload.workload, environment)];
  return [toProxy(owned, { name: upstreamName(workload.workload), dnsAddress: environment.dnsAddress })];
}

const redirect = ({ httpsPort }: Door): CaddyObject => ({
  handler: "static_response",
  status_code: 301,
  headers: { Location: [`https://{http.request.host}${httpsPort === 443 ? "" : `:${httpsPort}`}{http.request.uri}`] },
});

const sources = ({ allowedSourceIps }: HttpRuleDocument): CaddyObject =>
  allowedSourceIps.length === 0 ? {} : { remote_ip: { ranges: allowedSourceIps } };

const route = (match: CaddyObject, handle: readonly CaddyValue[]): CaddyObject => ({
  ...(Object.keys(match).length === 0 ? {} : { match: [match] }),
  handle,
  terminal: true,
});

function toRoute(
  environment: PlacedEnvironment,
  owned: OwnedRule,
  at: { readonly hosts: readonly string[]; readonly door: Door },
): CaddyObject {
  const { rule, workload } = owned;
  const internal = workload.http?.scope === "internal";
  // An inner rule is only for those who ask from the environment's own network.
  const from = internal ? { remote_ip: { ranges: [environment.subnet] } } : sources(rule);
  return route(
    { ...(at.hosts.length === 0 ? {} : { host: at.hosts }), ...pathMatch(rule.path), ...from },
    toHandlers(environment, owned, at.door),
  );
}

const placeOf = ({ application, environment }: PlacedEnvironment) => ({ application, environment });

/** Routes of an environment at the ports that all environments share, where it is told by names. */
export function namedRoutes(environment: PlacedEnvironment, door: Door): readonly CaddyObject[] {
  const own = publicName(placeOf(environment));
  const inner = internalName(placeOf(environment));
  const rules = rulesOf(environment).map((owned) => {
    const internal = owned.workload.http?.scope === "internal";
    // From inside, the environment's tasks reach its open rules by the inner name too.
    const open = internal ? [inner] : [own, inner];
    return toRoute(environment, owned, { hosts: owned.rule.hosts.length > 0 ? owned.rule.hosts : open, door });
  });
  const sites = environment.workloads.flatMap(({ site }) =>
    site === undefined ? [] : [route({ host: site.hosts }, siteHandlers(site.artifact))],
  );
  return [...sites, ...rules, route({ host: [own, inner] }, [notFoundPage([environment])])];
}

/** Routes of an environment at its own port, where every name means it. */
export function portRoutes(environment: PlacedEnvironment): readonly CaddyObject[] {
  const door: Door = { https: "none", httpsPort: 0 };
  const rules = rulesOf(environment)
    .filter(({ workload }) => workload.http?.scope === "public")
    .map((owned) => toRoute(environment, owned, { hosts: owned.rule.hosts, door }));
  const sites = environment.workloads.flatMap(({ site }) =>
    site === undefined ? [] : [route({ host: site.hosts }, siteHandlers(site.artifact))],
  );
  return [...sites, ...rules, ...soleRoutes(environment, door), route({}, [notFoundPage([environment])])];
}

function soleRoutes(environment: PlacedEnvironment, door: Door): readonly CaddyObject[] {
  const workload = soleHostOwner(environment);
  if (workload === undefined) return [];
  if (workload.site !== undefined) return [route({}, siteHandlers(workload.site.artifact))];
  return (workload.http?.rules ?? []).map((rule) => toRoute(environment, { ...rule, workload }, { hosts: [], door }));
}
