import { either } from "../../manifest/schema/alternatives.ts";
import { expected, optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { flag } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import { defineWorkload } from "../define.ts";
import type { Capabilities } from "../define.ts";
import { toCount } from "../fields/count.ts";
import { deployment, toDeployment } from "../fields/deployment.ts";
import { checkHttp, gracePeriodOf, http, httpPorts, toAliases } from "../fields/http.ts";
import { toHttpIngress } from "../fields/http-ingress.ts";
import { imageWithPort } from "../fields/image.ts";
import { toConnect, toPlacement } from "../fields/network.ts";
import { checkNlb, listenersOf, nlb, nlbPorts, toListener } from "../fields/nlb.ts";
import { checkObservability, observability, toTracing } from "../fields/observability.ts";
import { assignPorts, checkPorts } from "../fields/ports.ts";
import type { ExposedPorts, PortRequest } from "../fields/ports.ts";
import { toTopics } from "../fields/publish.ts";
import { sidecarPorts } from "../fields/sidecars.ts";
import { checkGracePeriods, checkHealthCheckPorts, checkTargets } from "../fields/targets.ts";
import { checkTask, checkWindowsConnect, identityFields, taskFields, toTask } from "../fields/task.ts";
import { given } from "../fields/values.ts";

const schema = record({
  ...identityFields("Load Balanced Web Service"),
  image: expected(imageWithPort, "The main container's image, with the port on which it listens."),
  http: expected(either(flag(), http), "Requests from the internet: a map, or `false` for none."),
  ...taskFields,
  nlb: optional(nlb, "Connections over TCP, UDP or TLS from the internet."),
  deployment: optional(deployment, "How new tasks take the place of old ones."),
  observability: optional(observability, "What is recorded of requests."),
});

type Manifest = Infer<typeof schema>;

const rulesIn = (manifest: Manifest): Infer<typeof http> | undefined => (typeof manifest.http === "object" ? manifest.http : undefined);

function portRequests(manifest: Manifest): readonly PortRequest[] {
  const main = manifest.image?.port;
  return [
    ...sidecarPorts(manifest.sidecars),
    ...httpPorts(rulesIn(manifest)),
    ...nlbPorts(manifest.nlb),
    ...(main === undefined
      ? []
      : [{ port: main, protocol: "tcp" as const, own: true, container: manifest.name ?? "", at: ["image", "port"] }]),
  ];
}

const portsOf = (manifest: Manifest, name: string): ExposedPorts => assignPorts(portRequests(manifest), name);

function checkIngress(manifest: Manifest, findings: Findings): void {
  const routed = rulesIn(manifest);
  const ingress = { http: routed, nlb: manifest.nlb };
  if (manifest.image !== undefined && manifest.image.port === undefined)
    findings.error(["image", "port"], "`image.port` is missing: a web service listens on a port.");
  if (manifest.http === false && manifest.nlb === undefined)
    findings.error(
      ["http"],
      "Nothing reaches this service: `http` is off and there is no `nlb`.",
      "Use a Backend Service, or add `http:` or `nlb:`.",
    );
  if (manifest.http === true) findings.warning(["http"], "`http: true` makes no rule, so no request arrives.", "Give `http.path`.");
  if (manifest.http === false && typeof manifest.count === "object")
    for (const metric of ["requests", "response_time"] as const)
      if (manifest.count[metric] !== undefined)
        findings.error(["count", metric], `Scaling by \`${metric}\` needs \`http\`: it counts requests over HTTP.`);
  checkHttp(routed, findings);
  checkNlb(manifest.nlb, findings);
  checkGracePeriods(ingress, findings);
  checkTargets(manifest, ingress, findings);
  const name = manifest.name ?? "";
  checkPorts(portRequests(manifest), name, findings);
  checkHealthCheckPorts(manifest, { ...ingress, ports: portsOf(manifest, name) }, findings);
}

function toCapabilities(manifest: Manifest, name: string): Capabilities {
  const ports = portsOf(manifest, name);
  const routed = rulesIn(manifest);
  const nlbGrace = manifest.nlb?.healthcheck?.grace_period;
  const httpGrace = gracePeriodOf(routed?.healthcheck) ?? (nlbGrace === undefined ? 60 : undefined);
  const ingress = routed === undefined ? undefined : toHttpIngress(routed, { scope: "public", main: name, ports, gracePeriod: httpGrace });
  return {
    task: toTask(manifest, name, ports),
    count: toCount(manifest.count),
    ...given("http", ingress),
    ...given(
      "nlb",
      manifest.nlb === undefined
        ? undefined
        : toNlb(manifest.nlb, name, { ports, gracePeriod: ingress === undefined ? (nlbGrace ?? 60) : nlbGrace }),
    ),
    ...given("discoveryPort", manifest.image?.port),
    connect: toConnect(manifest.network),
    network: toPlacement(manifest.network),
    publishes: toTopics(manifest.publish),
    deployment: toDeployment(manifest.deployment),
    ...given("tracing", toTracing(manifest.observability)),
  };
}

function toNlb(
  value: Infer<typeof nlb>,
  main: string,
  { ports, gracePeriod }: { readonly ports: ExposedPorts; readonly gracePeriod: number | undefined },
): NonNullable<Capabilities["nlb"]> {
  const [, ...additional] = listenersOf(value);
  return {
    listeners: [toListener(value, main, ports), ...additional.map(([entry]) => toListener(entry, main, ports))],
    aliases: toAliases(value.alias),
    ...given("gracePeriod", gracePeriod),
  };
}

/** A service that answers requests from the internet behind a load balancer. */
export const loadBalancedWebService = defineWorkload({
  type: "Load Balanced Web Service",
  summary: "A service that answers requests from the internet behind a load balancer.",
  schema,
  rules: [
    checkIngress,
    checkTask(["cpu_percentage", "memory_percentage", "requests", "response_time"]),
    checkWindowsConnect,
    checkObservability,
  ],
  toCapabilities,
});
