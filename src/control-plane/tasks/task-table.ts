import type { Engine, EngineContainer, EngineEvent } from "../engine/engine.ts";
import { labelNames, workloadId, type WorkloadKey } from "../object-names.ts";
import { toTasks, type Task, type TaskMember } from "./task.ts";
import { taskCondition } from "./task-condition.ts";

/** Told of the workload one of whose tasks changed. */
export type TaskListener = (key: WorkloadKey) => void;

/** What the engine has of this instance's tasks, kept up to date by events so that nobody needs to ask the engine again. */
export class TaskTable {
  readonly #engine: Engine;
  readonly #instance: string;
  readonly #containers = new Map<string, EngineContainer>();
  readonly #interrupted = new Set<string>();
  readonly #listeners = new Set<TaskListener>();
  readonly #readAt = new Map<string, number>();
  #asked = 0;
  #byWorkload = new Map<string, Map<string, Task>>();

  constructor(engine: Engine, instance: string) {
    this.#engine = engine;
    this.#instance = instance;
  }

  /** Tasks of a workload, stopped ones too. */
  tasksOf(key: WorkloadKey): readonly Task[] {
    return [...(this.#byWorkload.get(workloadId(key))?.values() ?? [])];
  }

  /** Every task. */
  allTasks(): readonly Task[] {
    return [...this.#byWorkload.values()].flatMap((tasks) => [...tasks.values()]);
  }

  /** One task of a workload. */
  task(key: WorkloadKey, id: string): Task | undefined {
    return this.#byWorkload.get(workloadId(key))?.get(id);
  }

  /** Whether the task ended while nobody could see why, as when the engine itself was ended: no fault of the task. */
  wasInterrupted(taskId: string): boolean {
    return this.#interrupted.has(taskId);
  }

  /** Calls `listener` after each change until the function given back is called. */
  onChange(listener: TaskListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the first answer of `find` that is not `undefined`, asked now and after each change of the workload's tasks. */
  async until<T>(key: WorkloadKey, find: () => T | undefined, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const id = workloadId(key);
    const now = find();
    if (now !== undefined) return now;
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        stop();
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      };
      const stop = this.onChange((changed) => {
        if (workloadId(changed) !== id) return;
        const found = find();
        if (found === undefined) return;
        stop();
        signal.removeEventListener("abort", abort);
        resolve(found);
      });
      signal.addEventListener("abort", abort, { once: true });
    });
  }

  /** Reads one container again. Of readings that overlap, the one that was asked for last counts. */
  async refresh(containerId: string): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const container = await this.#engine.inspectContainer(containerId);
    const id = container?.id ?? containerId;
    if ((this.#readAt.get(id) ?? 0) > asked) return;
    this.#readAt.set(id, asked);
    const known = this.#containers.get(id);
    if (container === undefined) {
      this.#containers.delete(id);
    }
    if (container && this.#isOurs(container)) this.#containers.set(container.id, container);
    const labels = (container ?? known)?.labels;
    if (labels) this.#regroup(keyOf(labels));
  }

  /** Takes an engine's event into account. */
  async take(event: EngineEvent): Promise<void> {
    if (event.type !== "container" || event.attributes[labelNames.instance] !== this.#instance) return;
    if (event.attributes[labelNames.task] === undefined || !changesContainer(event.action)) return;
    await this.refresh(event.id);
  }

  /** Reads everything again; tasks that turn out to have ended are remembered as interrupted. */
  async resync(): Promise<void> {
    const list = await this.#engine.listContainers({ [labelNames.instance]: this.#instance, [labelNames.task]: "" });
    const endedBefore = new Set(
      this.allTasks()
        .filter(hasEnded)
        .map((task) => task.id),
    );
    const keys = new Map(this.allTasks().map((task) => [workloadId(task.key), task.key]));
    this.#containers.clear();
    this.#readAt.clear();
    for (const container of list) {
      this.#containers.set(container.id, container);
      const key = keyOf(container.labels);
      keys.set(workloadId(key), key);
    }
    const tasks = toTasks(list);
    for (const task of tasks) if (hasEnded(task) && !endedBefore.has(task.id)) this.#interrupted.add(task.id);
    const known = new Set(tasks.map((task) => task.id));
    for (const id of this.#interrupted) if (!known.has(id)) this.#interrupted.delete(id);
    for (const key of keys.values()) this.#regroup(key);
  }

  #isOurs(container: EngineContainer): boolean {
    return container.labels[labelNames.instance] === this.#instance && container.labels[labelNames.task] !== undefined;
  }

  #regroup(key: WorkloadKey): void {
    const id = workloadId(key);
    const own = [...this.#containers.values()].filter((container) => workloadId(keyOf(container.labels)) === id);
    const before = this.#byWorkload.get(id);
    const tasks = toTasks(own).map((task) => rememberEnd(task, before?.get(task.id)));
    if (tasks.length === 0) this.#byWorkload.delete(id);
    else this.#byWorkload.set(id, new Map(tasks.map((task) => [task.id, task])));
    for (const listener of this.#listeners) listener(key);
  }
}

/** A task that had ended stays ended: someone may start its containers again, as `docker restart` does, faster than it is read. */
function rememberEnd(task: Task, before: Task | undefined): Task {
  if (before === undefined) return task;
  const condition = taskCondition(before);
  if (condition.kind === "ended") return { ...task, over: condition.stop };
  const again = task.members.find((member) => member.essential && isStartedAgain(member, before));
  return again ? { ...task, over: { reason: `container ${again.name} was started again from outside`, container: again.name } } : task;
}

function isStartedAgain({ container }: TaskMember, before: Task): boolean {
  const known = before.members.find((member) => member.container.id === container.id)?.container;
  return known?.startedAt !== undefined && container.startedAt !== known.startedAt;
}

function hasEnded(task: Task): boolean {
  return taskCondition(task).kind === "ended";
}

function keyOf(labels: Readonly<Record<string, string>>): WorkloadKey {
  return {
    application: labels[labelNames.application] ?? "",
    environment: labels[labelNames.environment] ?? "",
    workload: labels[labelNames.workload] ?? "",
  };
}

function changesContainer(action: string): boolean {
  return action === "start" || action === "die" || action === "destroy" || action === "oom" || action.startsWith("health_status");
}
