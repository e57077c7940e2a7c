import type { ContainerVariable, WorkloadDescription } from "../../model/workload-status.ts";
import type { InstanceNames } from "./instance-names.ts";
import type { DeployedWorkload } from "./protocol.ts";
import type { StackDocument } from "./stack-document.ts";

const entriesOf = (document: StackDocument, of: "environment" | "secrets"): readonly ContainerVariable[] =>
  (document.task?.containers ?? []).flatMap((container) =>
    Object.entries(container[of]).map(([name, value]) => ({ container: container.name, name, value })),
  );

function describeTask(document: StackDocument): Pick<WorkloadDescription, "task"> {
  const { task, service } = document;
  if (task === undefined) return {};
  const main = task.containers[0];
  const port = main?.ports[0]?.port;
  return {
    task: {
      ...(port === undefined ? {} : { port }),
      cpu: task.cpu,
      memory: task.memory,
      platform: main?.platform ?? "linux",
      count: service?.desiredCount ?? 0,
    },
  };
}

/** What exists on the engine for a document, by the names that the control plane gives. */
function describeResources(document: StackDocument, { prefix }: InstanceNames): WorkloadDescription["resources"] {
  const network = `${prefix}-${document.application}-${document.environment}`;
  const volumes = (document.task?.volumes ?? []).flatMap((volume) => (volume.kind === "kept" ? [volume] : []));
  return [
    { type: "network", physicalId: network, logicalId: "environment" },
    ...volumes.map(({ name, key }) => ({ type: "volume", physicalId: `${network}-${key}`, logicalId: name })),
    ...(document.task?.containers ?? []).map(({ name, image }) => ({ type: "image", physicalId: image, logicalId: name })),
  ];
}

/** A deployed workload in the words that all targets share. */
export function describeWorkload(deployed: DeployedWorkload, names: InstanceNames): WorkloadDescription {
  const { document, application, name, type, environment, release, urls } = deployed;
  const port = document.http?.rules[0]?.targetPort ?? document.task?.containers[0]?.ports[0]?.port;
  const full = document.discovery?.names.filter((known) => known.endsWith(".local")) ?? [];
  return {
    workload: { application, name, type },
    environment,
    release,
    urls,
    endpoints: full.map((known) => (port === undefined ? known : `${known}:${port}`)),
    manifest: document.manifest,
    ...describeTask(document),
    variables: entriesOf(document, "environment"),
    secrets: entriesOf(document, "secrets"),
    resources: describeResources(document, names),
  };
}
