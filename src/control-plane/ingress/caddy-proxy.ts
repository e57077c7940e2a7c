import type { HttpRuleDocument } from "../../targets/docker/stack-document.ts";
import type { CaddyObject } from "./caddy-routes.ts";
import type { RoutedRule } from "./ingress.ts";

/** How long a resolved list of tasks is used: the time in which a change of tasks takes hold. */
export const refreshMs = 100;

/** Where the tasks of a rule are asked for. */
export interface UpstreamSource {
  readonly name: string;
  readonly dnsAddress: string;
}

/** How a task is talked to: gRPC and HTTP/2 without TLS, port 443 with TLS whose certificate is the task's own matter. */
function toTransport({ version, healthCheck, targetPort }: HttpRuleDocument): CaddyObject {
  const tls = targetPort === 443 || healthCheck.https;
  const versions = version === "http1" ? ["1.1"] : tls ? ["2"] : ["h2c", "2"];
  return {
    protocol: "http",
    versions,
    dial_timeout: "1s",
    keep_alive: { enabled: true, idle_timeout: "60s", max_idle_conns_per_host: 64 },
    ...(tls ? { tls: { insecure_skip_verify: true } } : {}),
  };
}

/**
 * Takes requests to the tasks of a rule. Tasks are looked up by name while requests come, so that replacing tasks needs no new configuration
 * and breaks no connection; those known now are the reserve for when no name server answers. A connection that cannot be made is tried with
 * another task.
 */
export function toProxy({ rule, upstreams }: RoutedRule, source: UpstreamSource): CaddyObject {
  const policy = rule.stickiness ? { policy: "cookie", name: "copilot_task" } : { policy: "round_robin" };
  return {
    handler: "reverse_proxy",
    upstreams: upstreams.map((dial) => ({ dial })),
    dynamic_upstreams: {
      source: "a",
      name: source.name,
      port: String(rule.targetPort),
      refresh: `${refreshMs}ms`,
      resolver: { addresses: [`udp/${source.dnsAddress}:53`] },
      dial_timeout: "1s",
    },
    transport: toTransport(rule),
    load_balancing: { selection_policy: policy, try_duration: "5s", try_interval: "100ms" },
    health_checks: { passive: { fail_duration: "2s", max_fails: 1 } },
    // Answers that come in pieces go on in pieces. Not -1: with it Caddy 2.6 panics when a configuration is replaced under a lookup.
    flush_interval: "1ms",
  };
}
