import type { Discovery } from "../discovery/discovery.ts";
import { EngineError, type ContainerRequest, type Engine, type EngineInfo } from "../engine/engine.ts";
import { labelNames, taskName, workloadLabels, type WorkloadKey } from "../object-names.ts";
import type { SecretSource } from "../secrets/secret-source.ts";
import { startDecision } from "../tasks/start-order.ts";
import { memberStop } from "../tasks/task-condition.ts";
import type { Task, TaskMember } from "../tasks/task.ts";
import { toHolderRequest, toMemberRequest, type TaskOrder, type TaskSurroundings } from "../tasks/task-requests.ts";
import type { TaskTable } from "../tasks/task-table.ts";
import { ensureTaskVolumes } from "../tasks/task-volumes.ts";

/** What tasks are started and stopped with. */
export interface TaskRunnerParts {
  readonly engine: Engine;
  readonly table: TaskTable;
  readonly discovery: Discovery;
  readonly secrets: SecretSource;
  readonly instance: string;
  readonly baseImage: string;
  /** Read once; a host's processors do not change. */
  readonly engineInfo: () => Promise<EngineInfo>;
}

/** A task could not be started; what was made of it is still there. */
export class TaskStartError extends Error {
  readonly container: string | undefined;
  readonly exitCode: number | undefined;

  constructor(reason: string, at: { readonly container?: string; readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(reason, { cause: at.cause });
    this.name = "TaskStartError";
    this.container = at.container;
    this.exitCode = at.exitCode;
  }
}

/** Carries out what was decided about tasks. Every operation may be repeated. */
export interface TaskRunner {
  /**
   * Makes a task and starts its containers in the order of their conditions; resolves once each has been started.
   * Rejects with a TaskStartError when one cannot be, with an EngineError of status 0 when the engine went away.
   */
  start(order: TaskOrder, signal: AbortSignal): Promise<void>;
  /** Ends a task's containers, dependents first, each with its own stop timeout; they stay for their logs, the holder goes. */
  stop(task: Task): Promise<void>;
  /** Takes away what is left of a task: containers, and its scratch volumes. */
  remove(key: WorkloadKey, taskId: string): Promise<void>;
}

/** A runner on an engine. */
export function createTaskRunner(parts: TaskRunnerParts): TaskRunner {
  return {
    start: (order, signal) => startTask(parts, order, signal),
    stop: (task) => stopTask(parts, task),
    remove: (key, taskId) => removeTask(parts, key, taskId),
  };
}

async function startTask(parts: TaskRunnerParts, order: TaskOrder, signal: AbortSignal): Promise<void> {
  try {
    const surroundings = await readSurroundings(parts, order.key);
    const mounts = await ensureTaskVolumes(parts, order.key, order);
    signal.throwIfAborted();
    const holderId = await startHolder(parts, order, surroundings);
    await Promise.all(
      order.task.containers.map(async (document) => {
        const secrets = await parts.secrets.resolve(order.key, document.secrets);
        const request = toMemberRequest(order, document, { ...surroundings, holderId, mounts: mounts[document.name] ?? [], secrets });
        await parts.table.refresh(await createMember(parts.engine, request, document.name));
      }),
    );
    await startMembers(parts, order, signal);
  } catch (error) {
    if (error instanceof EngineError && error.status !== 0) throw new TaskStartError(error.message, { cause: error });
    throw error;
  }
}

async function createMember(engine: Engine, request: ContainerRequest, name: string): Promise<string> {
  try {
    return await engine.createContainer(request);
  } catch (error) {
    if (!(error instanceof EngineError) || !/no command specified/i.test(error.message)) throw error;
    const advice = "its image names no program: add CMD to its Dockerfile, or `command` to the manifest";
    throw new TaskStartError(`container ${name} cannot be started: ${advice}`, { container: name, cause: error });
  }
}

async function readSurroundings(parts: TaskRunnerParts, key: WorkloadKey): Promise<TaskSurroundings> {
  const [network, info] = await Promise.all([
    parts.discovery.ensureEnvironmentNetwork(key.application, key.environment),
    parts.engineInfo(),
  ]);
  return {
    instance: parts.instance,
    baseImage: parts.baseImage,
    ...network,
    hostProcessors: info.processors,
    limitsProcessors: info.limitsProcessors,
  };
}

async function startHolder(parts: TaskRunnerParts, order: TaskOrder, surroundings: TaskSurroundings): Promise<string> {
  const holderId = await parts.engine.createContainer(toHolderRequest(order, surroundings));
  await parts.engine.startContainer(holderId);
  await parts.table.refresh(holderId);
  return holderId;
}

async function startMembers(parts: TaskRunnerParts, order: TaskOrder, signal: AbortSignal): Promise<void> {
  const { engine, table } = parts;
  for (;;) {
    const decision = await table.until(
      order.key,
      () => {
        const decided = startDecision(order.task.containers, membersOf(table.task(order.key, order.id)));
        return decided.kind === "wait" ? undefined : decided;
      },
      signal,
    );
    if (decision.kind === "done") return;
    if (decision.kind === "impossible")
      throw new TaskStartError(decision.reason, exitOf(table.task(order.key, order.id), decision.container));
    if (decision.kind === "start") {
      await Promise.all(
        decision.names.map(async (name) => {
          const id = `${taskName(parts.instance, order.key, order.id)}-${name}`;
          await startMember(engine, id, name);
          const made = table.task(order.key, order.id)?.members.find((member) => member.name === name);
          await table.refresh(made?.container.id ?? id);
        }),
      );
    }
  }
}

async function startMember(engine: Engine, id: string, name: string): Promise<void> {
  try {
    await engine.startContainer(id);
  } catch (error) {
    if (!(error instanceof EngineError) || error.status === 0) throw error;
    throw new TaskStartError(`container ${name} could not start: ${error.message}`, { container: name, cause: error });
  }
}

function membersOf(task: Task | undefined): Readonly<Record<string, TaskMember["container"]>> {
  return Object.fromEntries((task?.members ?? []).map((member) => [member.name, member.container]));
}

function exitOf(task: Task | undefined, name: string): { readonly container: string; readonly exitCode?: number } {
  const member = task?.members.find((candidate) => candidate.name === name);
  const stop = member && memberStop(member);
  return { container: name, ...(stop?.exitCode === undefined ? {} : { exitCode: stop.exitCode }) };
}

async function stopTask({ engine, table }: TaskRunnerParts, task: Task): Promise<void> {
  let left = [...task.members];
  while (left.length > 0) {
    const needed = new Set(left.flatMap((member) => member.after));
    const free = left.filter((member) => !needed.has(member.name));
    // A circle of conditions cannot have been started, but must still be stopped.
    const batch = free.length > 0 ? free : left;
    await Promise.all(
      batch.map(async ({ container }) => {
        if (container.state !== "created") await engine.stopContainer(container.id);
        await table.refresh(container.id);
      }),
    );
    left = left.filter((member) => !batch.includes(member));
  }
  if (!task.holder) return;
  await engine.removeContainer(task.holder.id);
  await table.refresh(task.holder.id);
}

async function removeTask({ engine, table, instance }: TaskRunnerParts, key: WorkloadKey, taskId: string): Promise<void> {
  const labels = { ...workloadLabels(instance, key), [labelNames.task]: taskId };
  const containers = await engine.listContainers(labels);
  const members = containers.filter((container) => container.labels[labelNames.role] !== "holder");
  const holders = containers.filter((container) => container.labels[labelNames.role] === "holder");
  for (const group of [members, holders]) {
    await Promise.all(
      group.map(async (container) => {
        await engine.removeContainer(container.id);
        await table.refresh(container.id);
      }),
    );
  }
  const volumes = await engine.listVolumes(labels);
  await Promise.all(volumes.map((volume) => engine.removeVolume(volume.name)));
}
