import type { WorkloadSpec } from "./workload-spec.ts";

/** Something that only one workload of an environment can have: requests by name and path, or a port of the host. */
export interface Claim {
  /** Of two workloads for the same requests the first has them, and both can run; a port excludes the second. */
  readonly kind: "requests" | "port";
  /** Equal for claims that exclude each other. */
  readonly id: string;
  /** What is claimed, e.g. `requests for /` or `port 5432/tcp`. */
  readonly what: string;
  /** Where the manifest says so, as keys and indexes from its top. */
  readonly at: readonly (string | number)[];
}

/** The part of a rule by which it excludes others. */
export interface ClaimingRule {
  /** Own host names; empty means every name of the environment. */
  readonly hosts: readonly string[];
  readonly path: string;
  readonly allowedSourceIps: readonly string[];
}

/** The part of a listener by which it excludes others. */
export interface ClaimingListener {
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "tls";
}

/** What rules claim, the main one first. Rules for other sources of requests, and those of inside and outside, leave each other alone. */
export function ruleClaims(scope: "public" | "internal", rules: readonly ClaimingRule[]): readonly Claim[] {
  return rules.flatMap(({ hosts, path, allowedSourceIps }, index) => {
    const written = `/${path.replace(/^\//, "").replace(/\/$/, "")}`;
    const sources = [...allowedSourceIps].toSorted();
    const at = index === 0 ? ["http", "path"] : ["http", "additional_rules", index - 1, "path"];
    return (hosts.length === 0 ? [undefined] : hosts).map((host) => ({
      kind: "requests",
      id: JSON.stringify([scope, host?.toLowerCase() ?? "", written, sources]),
      what: `requests for ${host ?? ""}${written}${sources.length === 0 ? "" : ` from ${sources.join(", ")}`}`,
      at,
    }));
  });
}

/** What listeners claim, the main one first. */
export function listenerClaims(listeners: readonly ClaimingListener[]): readonly Claim[] {
  return listeners.map(({ port, protocol }, index) => {
    const wire = protocol === "udp" ? "udp" : "tcp";
    const at = index === 0 ? ["nlb", "port"] : ["nlb", "additional_listeners", index - 1, "port"];
    return { kind: "port", id: `${port}/${wire}`, what: `port ${port}/${wire}`, at };
  });
}

/** What a workload will claim of its environment. */
export function specClaims({ http, nlb }: WorkloadSpec): readonly Claim[] {
  const rules = (http?.rules ?? []).map(({ aliases, ...rule }) => ({ ...rule, hosts: aliases.map(({ name }) => name) }));
  return [...(http === undefined ? [] : ruleClaims(http.scope, rules)), ...listenerClaims(nlb?.listeners ?? [])];
}
