import { randomBytes } from "node:crypto";
import type { DeploymentOutcome, StepProgress } from "../../model/deployment.ts";
import { Work } from "../deployments/work.ts";
import { EngineError, type Engine } from "../engine/engine.ts";
import { readLastLines } from "../logs/last-lines.ts";
import type { WorkloadKey } from "../object-names.ts";
import type { TaskRunner } from "../perform/task-runner.ts";
import { TaskStartError } from "../perform/task-runner.ts";
import { taskUpstreams, type Route } from "../reconcile/routing.ts";
import {
  decideService,
  type ServiceDecision,
  type ServiceTask,
  type ServiceWish,
  type TaskOperation,
  type Verdict,
  type WantedVersion,
} from "../reconcile/service-plan.ts";
import type { SecretSource } from "../secrets/secret-source.ts";
import type { ReleaseEnd, Version } from "../state/journal-event.ts";
import { findWorkload, type WorkloadState } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { TaskStop } from "../tasks/task-condition.ts";
import { taskAddress, type Task } from "../tasks/task.ts";
import type { TaskTable } from "../tasks/task-table.ts";
import type { Drainer } from "./drainer.ts";
import { toTaskChecks, type Prober, type ProbeStatus } from "./prober.ts";
import { freshPace, paceAfter } from "./replacement-pace.ts";
import type { Router } from "./router.ts";
import { nextSettling, toServiceTasks, type FailedStart } from "./service-tasks.ts";

/** What a workload is kept running with. */
export interface ControllerParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly table: TaskTable;
  readonly runner: TaskRunner;
  readonly router: Router;
  readonly prober: Prober;
  readonly drainer: Drainer;
  readonly secrets: SecretSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when another version of a workload was accepted. */
  readonly onVersion: (key: WorkloadKey) => void;
  /** Told what went wrong where nobody waits for an answer. */
  readonly warn: (message: string) => void;
}

const retryDelay = 1000;

/**
 * Keeps one workload of one environment as the journal says that it shall be. It looks at everything again after each change, so it
 * goes on wherever a former control plane stopped.
 */
export class WorkloadController {
  readonly #key: WorkloadKey;
  readonly #parts: ControllerParts;
  readonly #closing = new AbortController();
  readonly #starting = new Map<string, { readonly revision: number; readonly specification: string }>();
  readonly #draining = new Set<string>();
  readonly #stopping = new Set<string>();
  readonly #dismissed = new Set<string>();
  readonly #failedStarts = new Map<string, FailedStart>();
  readonly #counted = new Set<string>();
  readonly #told = new Map<string, "starting" | "waiting" | "ready">();
  #pace = freshPace;
  #isCancelled = false;
  #startAbort = new AbortController();
  #work: { readonly revision: number; readonly work: Work } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> | undefined;
  #isDirty = false;
  #isClosed = false;

  constructor(key: WorkloadKey, parts: ControllerParts) {
    this.#key = key;
    this.#parts = parts;
  }

  /** What the deployment under way tells; `undefined` when there is none. */
  get currentWork(): Work | undefined {
    return this.#work?.work;
  }

  /** Puts the version that the journal has as next in place; its outcome is told by `work`. */
  beginDeployment(work: Work): void {
    const next = this.#state?.next;
    if (!next) return;
    this.#isCancelled = false;
    this.#startAbort = new AbortController();
    this.#work = { revision: next.version.revision, work };
    this.wake();
  }

  /** Ends the deployment under way; its outcome will be `cancelled`. Tells whether there was one. */
  cancelDeployment(): boolean {
    if (!this.#state?.next) return false;
    this.#isCancelled = true;
    this.#startAbort.abort(new Error("The deployment was cancelled."));
    this.wake();
    return true;
  }

  /** Looks at everything again soon. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isDirty = true;
    this.#pass ??= this.#passes().finally(() => {
      this.#pass = undefined;
      if (this.#isDirty) this.wake();
    });
  }

  /** Sets the workload's route from what is known now, without waiting for anything. */
  prepareRoute(): void {
    const state = this.#state;
    if (state) this.#setRoute(state.current, this.#decide(state).serving);
  }

  /** Phases of the service's tasks by id, for those who show them. */
  serviceTasks(): readonly ServiceTask[] {
    const state = this.#state;
    return state ? this.#look(state) : [];
  }

  /** Stops looking after the workload; what runs goes on. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#closing.abort(new Error("The control plane ends."));
    this.#startAbort.abort(new Error("The control plane ends."));
    for (const task of this.#parts.table.tasksOf(this.#key)) this.#parts.prober.forget(task.id);
  }

  get #state(): WorkloadState | undefined {
    return findWorkload(this.#parts.store.state, this.#key);
  }

  async #passes(): Promise<void> {
    while (this.#isDirty && !this.#isClosed) {
      this.#isDirty = false;
      clearTimeout(this.#timer);
      try {
        await this.#lookAndAct();
      } catch (error) {
        this.#parts.warn(`${this.#key.workload} in ${this.#key.environment} of ${this.#key.application}: ${String(error)}`);
        this.#wakeAt(this.#parts.now() + retryDelay);
      }
    }
  }

  async #lookAndAct(): Promise<void> {
    const state = this.#state;
    if (!state) return;
    this.#countCrashes(state);
    const decision = this.#decide(state);
    this.#tellProgress(state);
    if (decision.verdict) return this.#conclude(state, decision);
    await this.#route(state.isRemoving ? undefined : state.current, decision.serving);
    this.#perform(state, decision);
    if (decision.wakeAt !== undefined) this.#wakeAt(decision.wakeAt);
  }

  #decide(state: WorkloadState): ServiceDecision {
    const now = this.#parts.now();
    const tasks = this.#look(state);
    const decision = decideService(this.#toWish(state), tasks, now);
    const settled = nextSettling(tasks, now);
    const wakeAt = Math.min(decision.wakeAt ?? Number.POSITIVE_INFINITY, settled ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(wakeAt) ? { ...decision, wakeAt } : decision;
  }

  #toWish(state: WorkloadState): ServiceWish {
    return {
      ...(state.current ? { current: toWanted(state.current) } : {}),
      ...(state.next ? { next: { ...toWanted(state.next.version), isCancelled: this.#isCancelled } } : {}),
      ...(state.leftSpecification ? { left: state.leftSpecification } : {}),
      isRemoving: state.isRemoving,
      replaceFrom: this.#pace.from,
    };
  }

  #look(state: WorkloadState): readonly ServiceTask[] {
    const { table, now } = this.#parts;
    return toServiceTasks(table.tasksOf(this.#key), {
      work: {
        starting: this.#starting,
        draining: this.#draining,
        stopping: this.#stopping,
        dismissed: this.#dismissed,
        failedStarts: this.#failedStarts,
      },
      wasInterrupted: (id) => table.wasInterrupted(id),
      probeStatus: (task) => this.#probe(state, task),
      now: now(),
    });
  }

  #probe(state: WorkloadState, task: Task): ProbeStatus | undefined {
    const isNext = state.next?.version.specification === task.specification;
    const version = isNext ? state.next?.version : state.current;
    const address = taskAddress(task);
    if (!version || version.specification !== task.specification || !address) return undefined;
    const checks = toTaskChecks(version.document);
    if (checks.length === 0) return undefined;
    // A task that was accepted before this program began goes on serving until a check speaks against it.
    const trusted = state.current?.specification === task.specification && !this.#told.has(task.id);
    this.#parts.prober.watch(task.id, { key: this.#key, address, checks, trusted });
    return this.#parts.prober.status(task.id);
  }

  #countCrashes(state: WorkloadState): void {
    const now = this.#parts.now();
    for (const task of this.#look(state)) {
      const isTrouble = task.crash !== undefined || task.unhealthy !== undefined;
      if (!isTrouble || this.#counted.has(task.id)) continue;
      this.#counted.add(task.id);
      if (task.specification !== state.current?.specification) continue;
      this.#pace = paceAfter(this.#pace, { ranFor: task.since === 0 ? 0 : now - task.since, now });
    }
  }

  async #conclude(state: WorkloadState, { verdict, serving }: ServiceDecision): Promise<void> {
    const next = state.next;
    if (!next || !verdict) return;
    if (verdict.kind === "healthy") {
      await this.#route(next.version, serving);
      await this.#end("deployed", undefined);
      this.#pace = freshPace;
      this.#parts.onVersion(this.#key);
      this.#finish({ kind: "deployed", revision: next.version.revision, urls: this.#urls(next.version, serving) });
    } else if (verdict.kind === "cancelled") {
      await this.#end("cancelled", undefined);
      this.#finish({ kind: "cancelled", ...(state.current ? { revision: state.current.revision } : {}) });
    } else {
      await this.#fail(state, verdict, next.noRollback);
    }
    this.#isDirty = true;
  }

  async #fail(state: WorkloadState, verdict: Extract<Verdict, { readonly kind: "failed" }>, noRollback: boolean): Promise<void> {
    const { reason, container, exitCode } = verdict.stop;
    const failure = {
      reason,
      ...(container === undefined ? {} : { container }),
      ...(exitCode === undefined ? {} : { exitCode }),
      lastLines: await this.#lastLines(verdict.taskId, container),
    };
    this.#startAbort.abort(new Error("The deployment failed."));
    await this.#end(noRollback ? "failed" : "rolled-back", failure);
    // What is brought back was well before: it does not wait.
    this.#pace = freshPace;
    if (noRollback) this.#finish({ kind: "failed", failure });
    else this.#finish({ kind: "rolled-back", failure, ...(state.current ? { revision: state.current.revision } : {}) });
  }

  async #lastLines(taskId: string, container: string | undefined): Promise<readonly string[]> {
    const members = this.#parts.table.task(this.#key, taskId)?.members ?? [];
    const member = members.find((candidate) => candidate.name === container) ?? members.find((candidate) => candidate.essential);
    return member ? readLastLines(this.#parts, this.#key, member.container.id) : [];
  }

  async #end(status: ReleaseEnd, failure: NonNullable<WorkloadState["lastFailure"]> | undefined): Promise<void> {
    const revision = this.#state?.next?.version.revision ?? 0;
    const at = new Date(this.#parts.now()).toISOString();
    await this.#parts.store.record({ type: "deployment-ended", ...this.#key, revision, status, at, ...(failure ? { failure } : {}) });
  }

  #finish(outcome: DeploymentOutcome): void {
    this.#work?.work.emit({ type: "outcome", outcome });
    this.#work = undefined;
  }

  #perform(state: WorkloadState, { plan }: ServiceDecision): void {
    for (const { operation, because } of plan.steps) {
      this.#performStep(state, operation, because).catch((error: unknown) => {
        if (this.#isClosed) return;
        this.#parts.warn(`${operation.kind} of ${this.#key.workload}: ${String(error)}`);
        this.#wakeAt(this.#parts.now() + retryDelay);
      });
    }
  }

  #performStep(state: WorkloadState, operation: TaskOperation, because: string): Promise<void> {
    switch (operation.kind) {
      case "start-task":
        return this.#start(operation.version === "next" ? state.next?.version : state.current, because);
      case "drain-task":
        return this.#drain(state, operation.taskId);
      case "stop-task":
        return this.#stop(operation.taskId);
      case "remove-task":
        return this.#remove(operation.taskId);
    }
  }

  async #start(version: Version | undefined, because: string): Promise<void> {
    const task = version?.document.task;
    if (!version || !task) return;
    const id = randomBytes(4).toString("hex");
    this.#starting.set(id, { revision: version.revision, specification: version.specification });
    this.#told.set(id, "starting");
    this.#tell({ id: `start-${id}`, title: `Start task ${id} of ${this.#key.workload}`, because, status: "started" });
    const signal = AbortSignal.any([this.#closing.signal, this.#startAbort.signal]);
    try {
      await this.#parts.runner.start({ id, key: this.#key, version, task }, signal);
    } catch (error) {
      if (this.#isClosed) return;
      this.#noteFailedStart(id, version, error);
    } finally {
      this.#starting.delete(id);
      this.wake();
    }
  }

  #noteFailedStart(id: string, { revision, specification }: Version, error: unknown): void {
    if (error instanceof EngineError && error.status === 0) {
      this.#wakeAt(this.#parts.now() + retryDelay);
      return;
    }
    if (this.#startAbort.signal.aborted) this.#dismissed.add(id);
    const stop: TaskStop =
      error instanceof TaskStartError
        ? {
            reason: error.message,
            ...(error.container === undefined ? {} : { container: error.container }),
            ...(error.exitCode === undefined ? {} : { exitCode: error.exitCode }),
          }
        : { reason: error instanceof Error ? error.message : String(error) };
    this.#failedStarts.set(id, { revision, specification, stop });
  }

  async #drain(state: WorkloadState, taskId: string): Promise<void> {
    const task = this.#parts.table.task(this.#key, taskId);
    if (!task) return;
    this.#draining.add(taskId);
    this.#dismissed.add(taskId);
    this.#parts.prober.forget(taskId);
    const address = taskAddress(task);
    const document = [...state.earlier, ...(state.current ? [state.current] : [])].findLast(
      (version) => version.revision <= task.revision,
    )?.document;
    try {
      if (address && document) await this.#parts.drainer.drain(document, taskUpstreams(document, address), this.#closing.signal);
    } finally {
      if (!this.#isClosed) await this.#stop(taskId);
      this.#draining.delete(taskId);
    }
  }

  async #stop(taskId: string): Promise<void> {
    const task = this.#parts.table.task(this.#key, taskId);
    if (!task || this.#stopping.has(taskId)) return;
    this.#stopping.add(taskId);
    if (!this.#counted.has(taskId)) this.#dismissed.add(taskId);
    this.#parts.prober.forget(taskId);
    try {
      await this.#parts.runner.stop(task);
    } finally {
      this.#stopping.delete(taskId);
      this.wake();
    }
  }

  async #remove(taskId: string): Promise<void> {
    if (this.#stopping.has(taskId)) return;
    this.#stopping.add(taskId);
    try {
      await this.#parts.runner.remove(this.#key, taskId);
      for (const memory of [this.#dismissed, this.#counted, this.#failedStarts, this.#told]) memory.delete(taskId);
    } finally {
      this.#stopping.delete(taskId);
      this.wake();
    }
  }

  #toRoute(version: Version, serving: readonly string[]): Route {
    const addresses = serving.flatMap((id) => {
      const task = this.#parts.table.task(this.#key, id);
      return (task && taskAddress(task)) ?? [];
    });
    return { document: version.document, addresses: addresses.toSorted() };
  }

  #setRoute(version: Version | undefined, serving: readonly string[]): boolean {
    return this.#parts.router.set(this.#key, version && this.#toRoute(version, serving));
  }

  async #route(version: Version | undefined, serving: readonly string[]): Promise<void> {
    if (this.#setRoute(version, serving)) await this.#parts.router.publish();
  }

  #urls(version: Version, serving: readonly string[]): readonly string[] {
    return this.#parts.router.urls(this.#toRoute(version, serving));
  }

  #tellProgress(state: WorkloadState): void {
    for (const task of this.#look(state)) {
      const told = this.#told.get(task.id);
      const title = `Wait until task ${task.id} of ${this.#key.workload} is healthy`;
      if (told === "starting" && task.phase === "running") {
        this.#told.set(task.id, "waiting");
        this.#tell({ id: `start-${task.id}`, title: `Start task ${task.id} of ${this.#key.workload}`, status: "succeeded" });
        if (!task.ready) this.#tell({ id: `health-${task.id}`, title, status: "started" });
      }
      if (told === "waiting" && task.ready) {
        this.#told.set(task.id, "ready");
        this.#tell({ id: `health-${task.id}`, title, status: "succeeded" });
      }
    }
  }

  #tell(step: Omit<StepProgress, "type" | "at">): void {
    this.#work?.work.emit({ type: "step", ...step, at: new Date(this.#parts.now()).toISOString() });
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(10, time - this.#parts.now()));
  }
}

function toWanted({ revision, specification, document }: Version): WantedVersion {
  return { revision, specification, count: document.service?.desiredCount ?? 0, rolling: document.service?.rolling ?? "default" };
}
