import { publicName } from "../../targets/docker/compile/names.ts";
import type { RoutedEnvironment, RoutedRule, RoutedWorkload } from "./ingress.ts";
import type { SharedPorts } from "./layout.ts";

/** Types whose every host is their own: a whole site each. */
export const ownsItsHost = ({ type, site }: Pick<RoutedWorkload, "type" | "site">): boolean =>
  site !== undefined || type === "Request-Driven Web Service";

/** `http://host` with the port where it has to be said. */
export const toHttpUrl = (host: string, { http }: SharedPorts): string => `http://${host}${http === 80 ? "" : `:${http}`}`;

const hostsOf = (workload: RoutedWorkload): readonly string[] =>
  workload.site === undefined ? (workload.http?.rules ?? []).flatMap(({ rule }) => rule.hosts) : workload.site.hosts;

/** Rules that answer at every name of the environment. */
const openRules = (workload: RoutedWorkload): readonly RoutedRule[] =>
  workload.http?.scope === "public" ? workload.http.rules.filter(({ rule }) => rule.hosts.length === 0) : [];

/**
 * The workload that has the environment's own port to itself although it answers at names of its own: names under `.localhost` do not resolve
 * everywhere, and with only one such workload there is no question what the port means.
 */
export function soleHostOwner(environment: RoutedEnvironment): RoutedWorkload | undefined {
  const owners = environment.workloads.filter((workload) => ownsItsHost(workload) && workload.http?.scope !== "internal");
  const hasRoot = environment.workloads.some((workload) => openRules(workload).some(({ rule }) => rule.path === "/"));
  return hasRoot || owners.length !== 1 ? undefined : owners[0];
}

const pathOf = ({ rule }: RoutedRule): string => (rule.path === "/" ? "" : rule.path);

/** URLs of a workload that people can open: its own names first, then the environment's port and name with its path. */
export function toUrls(environment: RoutedEnvironment, workload: RoutedWorkload, shared: SharedPorts): readonly string[] {
  if (workload.http?.scope === "internal") return [];
  const named = [...new Set(hostsOf(workload))].map((host) => toHttpUrl(host, shared));
  const own = `http://localhost:${environment.port}`;
  if (soleHostOwner(environment)?.workload === workload.workload) return [...named, own];
  const open = openRules(workload);
  return [
    ...named,
    ...open.map((rule) => `${own}${pathOf(rule)}`),
    ...open.map(
      (rule) =>
        `${toHttpUrl(publicName({ application: environment.application, environment: environment.environment }), shared)}${pathOf(rule)}`,
    ),
  ];
}
