import { list } from "../../manifest/schema/collections.ts";
import { optional, required } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { duration, flag, integer, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { TreePath } from "../../manifest/tree.ts";
import type { NetworkListener } from "../../model/workload-spec.ts";
import { alias, defaultDeregistrationDelay, networkHealthCheck, toThresholds } from "./http.ts";
import type { Target } from "./http.ts";
import { readPort } from "./ports.ts";
import type { ExposedPorts, PortRequest } from "./ports.ts";
import { given } from "./values.ts";

const listenerPort = text({
  noun: "a port such as `443/tls`",
  problem: (written) => {
    const read = readPort(written);
    if (read === undefined) return `Expected a port such as \`443/tls\` or \`53/udp\`, found \`${written}\`.`;
    return read.protocol === undefined || ["tcp", "udp", "tls"].includes(read.protocol)
      ? undefined
      : `The protocol of a listener is \`tcp\`, \`udp\` or \`tls\`, found \`${read.protocol}\`.`;
  },
});

const listenerFields = {
  port: required(listenerPort, "Port to listen on, with an optional `/tcp`, `/udp` or `/tls`."),
  healthcheck: optional(networkHealthCheck, "How the load balancer tells that a task is well."),
  target_container: optional(text(), "Container that receives the connections.", { defaultNote: "the main container" }),
  target_port: optional(integer({ min: 0, max: 65_535, noun: "a port number" }), "Port that receives the connections.", {
    defaultNote: "the port that is listened on",
  }),
  ssl_policy: optional(text(), "Security policy of a TLS listener.", {
    documentedDefault: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    docker: "notice",
  }),
  stickiness: optional(flag(), "Sends a client's connections to the same task.", { documentedDefault: false, docker: "notice" }),
  deregistration_delay: optional(duration(), "Time that connections may still take when a task is stopped.", { documentedDefault: "60s" }),
};

const listener = record(listenerFields);

/** Connections over TCP, UDP or TLS: the main listener's fields, and further listeners. */
export const nlb = record(
  {
    ...listenerFields,
    alias: optional(alias, "Host names of the service: one, a list, or a list of maps."),
    additional_listeners: optional(list(listener), "Further listeners, each with the fields of the main one."),
  },
  [],
  { emptyIsAbsent: true },
);

type Nlb = Infer<typeof nlb>;
type Listener = Infer<typeof listener>;

/** The listeners of `nlb`, each with its path in the manifest: the main one first. */
export function listenersOf(value: Nlb): readonly (readonly [Listener, TreePath])[] {
  return [
    [value, ["nlb"]],
    ...(value.additional_listeners ?? []).map((entry, index) => [entry, ["nlb", "additional_listeners", index]] as const),
  ];
}

/** What the listeners of `nlb` have to satisfy, each by itself. */
export function checkNlb(value: Nlb | undefined, findings: Findings): void {
  if (value === undefined) return;
  if (Array.isArray(value.alias))
    for (const [index, entry] of value.alias.entries())
      if (typeof entry === "object" && entry.hosted_zone !== undefined)
        findings.error(["nlb", "alias", index, "hosted_zone"], "A network load balancer's alias takes no `hosted_zone`.");
  for (const [index, entry] of (value.additional_listeners ?? []).entries())
    if (entry.healthcheck?.grace_period !== undefined)
      findings.error(
        ["nlb", "additional_listeners", index, "healthcheck", "grace_period"],
        "The grace period belongs to the main listener: `nlb.healthcheck.grace_period`.",
      );
}

/** The ports that listeners aim at. */
export function nlbPorts(value: Nlb | undefined): readonly PortRequest[] {
  return (value === undefined ? [] : listenersOf(value)).flatMap(([entry, at]) => {
    const read = readPort(entry.port);
    if (read === undefined) return [];
    const protocol = read.protocol === "udp" ? ("udp" as const) : ("tcp" as const);
    return [
      {
        at: [...at, entry.target_port === undefined ? "port" : "target_port"],
        port: entry.target_port ?? read.port,
        protocol,
        own: false,
        ...given("container", entry.target_container),
      },
    ];
  });
}

function targetOf(entry: Listener, main: string, ports: ExposedPorts): Target {
  const listened = readPort(entry.port)?.port ?? 0;
  const { target_container: container, target_port: number } = entry;
  if (number !== undefined) return { container: container ?? ports.containerOf(number) ?? main, port: number };
  if (container === undefined || container === main) return { container: main, port: listened };
  return { container, port: ports.ownPort(container)?.port ?? listened };
}

/** The spec's form of a listener. */
export function toListener(entry: Listener, main: string, ports: ExposedPorts): NetworkListener {
  const read = readPort(entry.port);
  const target = targetOf(entry, main, ports);
  return {
    port: read?.port ?? 0,
    protocol: read?.protocol === "udp" || read?.protocol === "tls" ? read.protocol : "tcp",
    targetContainer: target.container,
    targetPort: target.port,
    healthCheck: { ...given("port", entry.healthcheck?.port), ...toThresholds(entry.healthcheck ?? {}) },
    ...given("sslPolicy", entry.ssl_policy),
    ...given("stickiness", entry.stickiness),
    deregistrationDelay: entry.deregistration_delay ?? defaultDeregistrationDelay,
  };
}
