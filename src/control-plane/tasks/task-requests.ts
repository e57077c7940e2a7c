import type { ContainerDocument, TaskDocument } from "../../targets/docker/stack-document.ts";
import type { ContainerRequest, EngineMount } from "../engine/engine.ts";
import { holderName, labelNames, taskName, workloadLabels, type WorkloadKey } from "../object-names.ts";
import type { Version } from "../state/journal-event.ts";
import { memberLabels } from "./task.ts";
import { containerLimits } from "./task-limits.ts";

/** A task that shall be. */
export interface TaskOrder {
  readonly id: string;
  readonly key: WorkloadKey;
  readonly version: Version;
  readonly task: TaskDocument;
  /** Set for a task of a job's run. */
  readonly runId?: string;
}

/** What the engine and the environment give to a task. */
export interface TaskSurroundings {
  readonly instance: string;
  readonly baseImage: string;
  readonly networkName: string;
  readonly dnsAddress: string;
  readonly hostProcessors: number;
  readonly limitsProcessors: boolean;
}

/** What one of its containers is given besides. */
export interface MemberParts {
  readonly holderId: string;
  readonly mounts: readonly EngineMount[];
  /** Values of its secrets by variable. */
  readonly secrets: Readonly<Record<string, string>>;
}

function orderLabels(order: TaskOrder, surroundings: TaskSurroundings): Readonly<Record<string, string>> {
  return {
    ...workloadLabels(surroundings.instance, order.key),
    [labelNames.task]: order.id,
    [labelNames.revision]: String(order.version.revision),
    [labelNames.specification]: order.version.specification,
    ...(order.runId === undefined ? {} : { [labelNames.run]: order.runId }),
  };
}

/** The container that owns the task's network namespace. */
export function toHolderRequest(order: TaskOrder, surroundings: TaskSurroundings): ContainerRequest {
  return {
    name: holderName(surroundings.instance, order.key, order.id),
    image: surroundings.baseImage,
    labels: {
      ...orderLabels(order, surroundings),
      [labelNames.role]: "holder",
      [labelNames.members]: order.task.containers.map((container) => container.name).join(","),
    },
    entrypoint: ["sleep"],
    command: ["infinity"],
    hostname: `${order.key.workload}-${order.id}`.slice(-63).replace(/^-+/, ""),
    network: { kind: "network", name: surroundings.networkName, nameServers: [surroundings.dnsAddress] },
    restart: "no",
  };
}

/** One container of the task. Its image is named by id, so that a later tag of the same name changes nothing. */
export function toMemberRequest(order: TaskOrder, document: ContainerDocument, context: TaskSurroundings & MemberParts): ContainerRequest {
  const { task, version, key } = order;
  const names = task.containers.map((container) => container.name);
  const limits = containerLimits(
    { cpu: task.cpu, memory: task.memory, hostProcessors: context.hostProcessors },
    names,
    names.indexOf(document.name),
  );
  return {
    name: `${taskName(context.instance, key, order.id)}-${document.name}`,
    image: version.images[document.name] ?? document.image,
    labels: {
      ...document.labels,
      ...orderLabels(order, context),
      [labelNames.role]: "member",
      [labelNames.container]: document.name,
      [memberLabels.image]: document.image,
      [memberLabels.essential]: String(document.essential),
      [memberLabels.after]: Object.keys(document.dependsOn).join(","),
      [memberLabels.checked]: String(document.healthCheck !== undefined),
    },
    ...(document.entrypoint ? { entrypoint: document.entrypoint } : {}),
    ...(document.command ? { command: document.command } : {}),
    environment: { ...document.environment, ...context.secrets },
    network: { kind: "container", containerId: context.holderId },
    mounts: context.mounts,
    healthCheck: toHealthCheck(document),
    readonlyRoot: document.readonlyRootFilesystem,
    memory: limits.memory,
    ...(context.limitsProcessors ? { processors: limits.processors } : {}),
    processorShares: limits.processorShares,
    restart: "no",
    stopTimeout: document.stopTimeout,
    ...(document.platform ? { platform: document.platform } : {}),
  };
}

/** As on ECS, a check that only the image has is not run. */
function toHealthCheck({ healthCheck }: ContainerDocument): NonNullable<ContainerRequest["healthCheck"]> {
  if (!healthCheck) return { test: ["NONE"], interval: 0, timeout: 0, retries: 0, startPeriod: 0 };
  const { command, interval, timeout, retries, startPeriod } = healthCheck;
  return { test: command, interval, timeout, retries, startPeriod };
}
