import { randomBytes } from "node:crypto";
import type { StepProgress } from "../../model/deployment.ts";
import { EngineError } from "../engine/engine.ts";
import type { WorkloadKey } from "../object-names.ts";
import { TaskStartError, type TaskRunner } from "../perform/task-runner.ts";
import { taskUpstreams } from "../reconcile/routing.ts";
import type { TaskOperation } from "../reconcile/service-plan.ts";
import type { Version } from "../state/journal-event.ts";
import type { WorkloadState } from "../state/state.ts";
import type { TaskStop } from "../tasks/task-stop.ts";
import { taskAddress } from "../tasks/task.ts";
import type { TaskTable } from "../tasks/task-table.ts";
import type { Drainer } from "./drainer.ts";
import type { Prober } from "./prober.ts";
import type { FailedStart, TaskWork } from "./service-tasks.ts";

/** What operations are carried out with. */
export interface OperationParts {
  readonly table: TaskTable;
  readonly runner: TaskRunner;
  readonly prober: Prober;
  readonly drainer: Drainer;
}

/** Who hears of operations. */
export interface OperationListener {
  /** An operation ended, or a task is in another phase. */
  changed(): void;
  /** An operation did not work out for a reason that may pass; it is to be tried again, but not at once. */
  failed(operation: TaskOperation, error: unknown): void;
  tell(step: Omit<StepProgress, "type" | "at">): void;
}

/** Carries out operations on the tasks of one workload, and knows which are under way. */
export class TaskOperations {
  readonly #key: WorkloadKey;
  readonly #parts: OperationParts;
  readonly #listener: OperationListener;
  readonly #closing = new AbortController();
  readonly #starting = new Map<string, { readonly revision: number; readonly specification: string }>();
  readonly #draining = new Set<string>();
  readonly #stopping = new Set<string>();
  readonly #dismissed = new Set<string>();
  readonly #failedStarts = new Map<string, FailedStart>();
  #deployment = new AbortController();

  constructor(key: WorkloadKey, parts: OperationParts, listener: OperationListener) {
    this.#key = key;
    this.#parts = parts;
    this.#listener = listener;
  }

  /** What is under way. */
  get work(): TaskWork {
    return {
      starting: this.#starting,
      draining: this.#draining,
      stopping: this.#stopping,
      dismissed: this.#dismissed,
      failedStarts: this.#failedStarts,
    };
  }

  /** From here on tasks of the next version belong to another deployment. */
  beginDeployment(): void {
    this.#deployment = new AbortController();
  }

  /** Breaks off the starts of the next version's tasks. */
  abortDeployment(reason: string): void {
    this.#deployment.abort(new Error(reason));
  }

  /** Begins an operation; the listener hears when it ends. */
  perform(state: WorkloadState, operation: TaskOperation, because: string): void {
    this.#perform(state, operation, because).then(
      (hasActed) => {
        // One that found itself under way already must not be asked for again at once.
        if (hasActed) this.#listener.changed();
      },
      (error: unknown) => {
        if (!this.#closing.signal.aborted) this.#listener.failed(operation, error);
      },
    );
  }

  /** Breaks off what waits; what runs on the engine goes on. */
  close(): void {
    this.#closing.abort(new Error("The control plane ends."));
  }

  /** Tells whether anything was done. */
  #perform(state: WorkloadState, operation: TaskOperation, because: string): Promise<boolean> {
    switch (operation.kind) {
      case "start-task":
        return this.#start(state, operation.version, because);
      case "drain-task":
        return this.#drain(state, operation.taskId);
      case "stop-task":
        return this.#stop(operation.taskId, because);
      case "remove-task":
        return this.#remove(operation.taskId);
    }
  }

  async #start(state: WorkloadState, which: "current" | "next", because: string): Promise<boolean> {
    const version = which === "next" ? state.next?.version : state.current;
    const task = version?.document.task;
    if (!version || !task) return false;
    const id = randomBytes(4).toString("hex");
    const deployment = which === "next" ? this.#deployment.signal : this.#closing.signal;
    const step = { id: `start-${id}`, title: `Start task ${id} of ${this.#key.workload}`, because };
    this.#starting.set(id, { revision: version.revision, specification: version.specification });
    this.#listener.tell({ ...step, status: "started" });
    try {
      await this.#parts.runner.start({ id, key: this.#key, version, task }, AbortSignal.any([this.#closing.signal, deployment]));
      this.#listener.tell({ ...step, status: "succeeded" });
    } catch (error) {
      if (this.#closing.signal.aborted) return false;
      if (error instanceof EngineError && error.status === 0) throw error;
      if (deployment.aborted) this.#dismissed.add(id);
      this.#failedStarts.set(id, toFailedStart(version, error));
      this.#listener.tell({ ...step, status: "failed", detail: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#starting.delete(id);
    }
    return true;
  }

  async #drain(state: WorkloadState, taskId: string): Promise<boolean> {
    const task = this.#parts.table.task(this.#key, taskId);
    if (!task || this.#draining.has(taskId)) return false;
    this.#draining.add(taskId);
    this.#dismissed.add(taskId);
    this.#parts.prober.forget(taskId);
    const address = taskAddress(task);
    const document = documentOf(state, task.revision);
    const step = { id: `drain-${taskId}`, title: `Let task ${taskId} of ${this.#key.workload} answer its last requests` };
    try {
      if (address && document) {
        this.#listener.tell({ ...step, status: "started" });
        await this.#parts.drainer.drain(document, taskUpstreams(document, address), this.#closing.signal);
        this.#listener.tell({ ...step, status: "succeeded" });
      }
      if (!this.#closing.signal.aborted) await this.#stop(taskId, undefined);
    } finally {
      this.#draining.delete(taskId);
    }
    return true;
  }

  async #stop(taskId: string, because: string | undefined): Promise<boolean> {
    const task = this.#parts.table.task(this.#key, taskId);
    if (!task || this.#stopping.has(taskId)) return false;
    this.#stopping.add(taskId);
    if (!isOver(task.members)) this.#dismissed.add(taskId);
    this.#parts.prober.forget(taskId);
    const step = {
      id: `stop-${taskId}`,
      title: `Stop task ${taskId} of ${this.#key.workload}`,
      ...(because === undefined ? {} : { because }),
    };
    this.#listener.tell({ ...step, status: "started" });
    try {
      await this.#parts.runner.stop(task);
      this.#listener.tell({ ...step, status: "succeeded" });
    } finally {
      this.#stopping.delete(taskId);
    }
    return true;
  }

  async #remove(taskId: string): Promise<boolean> {
    if (this.#stopping.has(taskId)) return false;
    this.#stopping.add(taskId);
    // While a task whose start was interrupted is taken away, its containers are seen to end: that is no crash.
    const task = this.#parts.table.task(this.#key, taskId);
    if (task && !isOver(task.members)) this.#dismissed.add(taskId);
    try {
      await this.#parts.runner.remove(this.#key, taskId);
      this.#dismissed.delete(taskId);
      this.#failedStarts.delete(taskId);
    } finally {
      this.#stopping.delete(taskId);
    }
    return true;
  }
}

/** Whether an essential container has ended by itself: then the task is not one that was told to end. */
function isOver(members: readonly { readonly essential: boolean; readonly container: { readonly state: string } }[]): boolean {
  return members.some(({ essential, container }) => essential && (container.state === "exited" || container.state === "dead"));
}

/** The document that a task of a revision was made for; one of the same specification may have been deployed since. */
function documentOf(state: WorkloadState, revision: number): Version["document"] | undefined {
  const versions = [...state.earlier, ...(state.current ? [state.current] : []), ...(state.next ? [state.next.version] : [])];
  return versions.findLast((version) => version.revision <= revision)?.document;
}

function toFailedStart({ revision, specification }: Version, error: unknown): FailedStart {
  const stop: TaskStop =
    error instanceof TaskStartError
      ? {
          reason: error.message,
          ...(error.container === undefined ? {} : { container: error.container }),
          ...(error.exitCode === undefined ? {} : { exitCode: error.exitCode }),
        }
      : { reason: error instanceof Error ? error.message : String(error) };
  return { revision, specification, stop };
}
