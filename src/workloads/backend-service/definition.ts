import { expected, optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import type { Findings } from "../../manifest/rules.ts";
import { defineWorkload } from "../define.ts";
import type { Capabilities } from "../define.ts";
import { toCount } from "../fields/count.ts";
import { deployment, toDeployment } from "../fields/deployment.ts";
import { checkHttp, gracePeriodOf, http, httpPorts } from "../fields/http.ts";
import { toHttpIngress } from "../fields/http-ingress.ts";
import { imageWithPort } from "../fields/image.ts";
import { toConnect, toPlacement } from "../fields/network.ts";
import { checkObservability, observability, toTracing } from "../fields/observability.ts";
import { assignPorts, checkPorts } from "../fields/ports.ts";
import type { PortRequest } from "../fields/ports.ts";
import { toTopics } from "../fields/publish.ts";
import { sidecarPorts } from "../fields/sidecars.ts";
import { checkHealthCheckPorts, checkTargets } from "../fields/targets.ts";
import { checkTask, checkWindowsConnect, identityFields, taskFields, toTask } from "../fields/task.ts";
import { given } from "../fields/values.ts";

const schema = record({
  ...identityFields("Backend Service"),
  image: expected(imageWithPort, "The main container's image, with the port on which it listens, if it does."),
  http: optional(http, "Requests from inside the environment's network."),
  ...taskFields,
  deployment: optional(deployment, "How new tasks take the place of old ones."),
  observability: optional(observability, "What is recorded of requests."),
});

type Manifest = Infer<typeof schema>;

function portRequests(manifest: Manifest): readonly PortRequest[] {
  const main = manifest.image?.port;
  return [
    ...sidecarPorts(manifest.sidecars),
    ...httpPorts(manifest.http),
    ...(main === undefined
      ? []
      : [{ port: main, protocol: "tcp" as const, own: true, container: manifest.name ?? "", at: ["image", "port"] }]),
  ];
}

function checkIngress(manifest: Manifest, findings: Findings): void {
  const ingress = { http: manifest.http };
  const name = manifest.name ?? "";
  if (manifest.http === undefined && typeof manifest.count === "object")
    for (const metric of ["requests", "response_time"] as const)
      if (manifest.count[metric] !== undefined)
        findings.error(["count", metric], `Scaling by \`${metric}\` needs \`http\`: it counts requests over HTTP.`);
  checkHttp(manifest.http, findings);
  if (manifest.http?.redirect_to_https !== undefined)
    findings.warning(["http", "redirect_to_https"], "A Backend Service never redirects to HTTPS: `redirect_to_https` does nothing here.");
  if (manifest.http?.alb !== undefined)
    findings.warning(["http", "alb"], "A Backend Service has the environment's internal load balancer: `alb` does nothing here.");
  checkTargets(manifest, ingress, findings);
  checkPorts(portRequests(manifest), name, findings);
  checkHealthCheckPorts(manifest, { ...ingress, ports: assignPorts(portRequests(manifest), name) }, findings);
  const connect = manifest.network?.connect;
  if (
    typeof connect === "object" &&
    connect.alias !== undefined &&
    manifest.image?.port === undefined &&
    manifest.http?.target_container === undefined
  )
    findings.error(
      ["network", "connect", "alias"],
      "An alias needs a port to lead to, and no container of this service has one.",
      "Add `image.port`.",
    );
}

function toCapabilities(manifest: Manifest, name: string): Capabilities {
  const ports = assignPorts(portRequests(manifest), name);
  const gracePeriod = gracePeriodOf(manifest.http?.healthcheck) ?? 60;
  return {
    task: toTask(manifest, name, ports),
    count: toCount(manifest.count),
    ...given(
      "http",
      manifest.http === undefined ? undefined : toHttpIngress(manifest.http, { scope: "internal", main: name, ports, gracePeriod }),
    ),
    ...given("discoveryPort", manifest.image?.port),
    connect: toConnect(manifest.network),
    network: toPlacement(manifest.network),
    publishes: toTopics(manifest.publish),
    deployment: toDeployment(manifest.deployment),
    ...given("tracing", toTracing(manifest.observability)),
  };
}

/** A service that only workloads of its environment reach. */
export const backendService = defineWorkload({
  type: "Backend Service",
  summary: "A service that only workloads of its environment reach.",
  schema,
  rules: [
    checkIngress,
    checkTask(["cpu_percentage", "memory_percentage", "requests", "response_time"]),
    checkWindowsConnect,
    checkObservability,
  ],
  toCapabilities,
});
