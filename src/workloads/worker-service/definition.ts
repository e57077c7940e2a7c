import { expected, optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import type { Findings } from "../../manifest/rules.ts";
import { defineWorkload } from "../define.ts";
import type { Capabilities } from "../define.ts";
import { toCount } from "../fields/count.ts";
import { toDeployment, workerDeployment } from "../fields/deployment.ts";
import { image } from "../fields/image.ts";
import { toConnect, toPlacement } from "../fields/network.ts";
import { checkObservability, observability, toTracing } from "../fields/observability.ts";
import { assignPorts, checkPorts } from "../fields/ports.ts";
import { toTopics } from "../fields/publish.ts";
import { sidecarPorts } from "../fields/sidecars.ts";
import { checkSubscribe, subscribe, toSubscription } from "../fields/subscribe.ts";
import { checkTask, identityFields, taskFields, toTask } from "../fields/task.ts";
import { given } from "../fields/values.ts";

const schema = record({
  ...identityFields("Worker Service"),
  image: expected(image, "The main container's image."),
  subscribe: optional(subscribe, "What the service consumes."),
  ...taskFields,
  deployment: optional(workerDeployment, "How new tasks take the place of old ones."),
  observability: optional(observability, "What is recorded of requests."),
});

type Manifest = Infer<typeof schema>;

function checkWorker(manifest: Manifest, findings: Findings): void {
  checkSubscribe(manifest.subscribe, findings);
  checkPorts(sidecarPorts(manifest.sidecars), manifest.name ?? "", findings);
  const connect = manifest.network?.connect;
  if (typeof connect === "object" && connect.alias !== undefined)
    findings.error(["network", "connect", "alias"], "A Worker Service has no port that an alias could lead to.");
}

function toCapabilities(manifest: Manifest, name: string): Capabilities {
  return {
    task: toTask(manifest, name, assignPorts(sidecarPorts(manifest.sidecars), name)),
    count: toCount(manifest.count),
    connect: toConnect(manifest.network),
    network: toPlacement(manifest.network),
    publishes: toTopics(manifest.publish),
    subscribes: toSubscription(manifest.subscribe),
    deployment: toDeployment(manifest.deployment),
    ...given("tracing", toTracing(manifest.observability)),
  };
}

/** A service that consumes messages. */
export const workerService = defineWorkload({
  type: "Worker Service",
  summary: "A service that consumes messages which other services publish.",
  schema,
  rules: [checkWorker, checkTask(["cpu_percentage", "memory_percentage", "queue_delay"]), checkObservability],
  toCapabilities,
});
