import { setImmediate as nextTurn } from "node:timers/promises";
import type { DeploymentOutcome, StepProgress } from "../../model/deployment.ts";
import type { Work } from "../deployments/work.ts";
import type { Engine } from "../engine/engine.ts";
import { readLastLines } from "../logs/last-lines.ts";
import type { WorkloadKey } from "../object-names.ts";
import type { Route } from "../reconcile/routing.ts";
import {
  decideService,
  type ServiceDecision,
  type ServiceTask,
  type ServiceWish,
  type Verdict,
  type WantedVersion,
} from "../reconcile/service-plan.ts";
import type { SecretSource } from "../secrets/secret-source.ts";
import type { ReleaseEnd, Version } from "../state/journal-event.ts";
import { findWorkload, type WorkloadState } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { taskAddress, type Task } from "../tasks/task.ts";
import { HealthProgress } from "./health-progress.ts";
import { toTaskChecks, type ProbeStatus } from "./prober.ts";
import { freshPace, paceAfter } from "./replacement-pace.ts";
import { Retries } from "./retry-delay.ts";
import { RoutingError, type Router } from "./router.ts";
import { nextSettling, toServiceTasks } from "./service-tasks.ts";
import { TaskOperations, type OperationParts } from "./task-operations.ts";

/** What a workload is kept running with. */
export interface ControllerParts extends OperationParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly router: Router;
  readonly secrets: SecretSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when another version of a workload was accepted. */
  readonly onVersion: (key: WorkloadKey) => void;
  /** Told what went wrong where nobody waits for an answer. */
  readonly warn: (message: string) => void;
}

/**
 * Keeps one workload of one environment as the journal says that it shall be. It looks at everything again after each change, so it
 * goes on wherever a former control plane stopped.
 */
export class WorkloadController {
  readonly #key: WorkloadKey;
  readonly #parts: ControllerParts;
  readonly #operations: TaskOperations;
  readonly #progress: HealthProgress;
  readonly #counted = new Set<string>();
  readonly #retries = new Retries();
  #pace = freshPace;
  #isCancelled = false;
  #work: Work | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isPassing = false;
  #isDirty = false;
  #isClosed = false;

  constructor(key: WorkloadKey, parts: ControllerParts) {
    this.#key = key;
    this.#parts = parts;
    this.#progress = new HealthProgress(key.workload, (step) => this.#tell(step));
    this.#operations = new TaskOperations(key, parts, {
      changed: () => this.wake(),
      failed: (_, error) => this.#hold(error),
      tell: (step) => this.#tell(step),
    });
  }

  /** What the deployment under way tells; `undefined` when there is none. */
  get currentWork(): Work | undefined {
    return this.#work;
  }

  /** Puts the version that the journal has as next in place; its outcome is told by `work`. */
  beginDeployment(work: Work): void {
    if (!this.#state?.next) return;
    this.#isCancelled = false;
    this.#operations.beginDeployment();
    this.#work = work;
    this.wake();
  }

  /** Ends the deployment under way; its outcome will be `cancelled`. Tells whether there was one. */
  cancelDeployment(): boolean {
    if (!this.#state?.next) return false;
    this.#isCancelled = true;
    this.#operations.abortDeployment("The deployment was cancelled.");
    this.wake();
    return true;
  }

  /** Looks at everything again soon. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isDirty = true;
    if (this.#isPassing) return;
    this.#isPassing = true;
    void this.#passes().finally(() => {
      this.#isPassing = false;
      if (this.#isDirty) this.wake();
    });
  }

  /** Looks at everything again soon, also where something has just failed: what it failed for may be mended. */
  retry(): void {
    this.#retries.clear();
    this.wake();
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
    this.#operations.close();
    for (const task of this.#parts.table.tasksOf(this.#key)) this.#parts.prober.forget(task.id);
  }

  get #state(): WorkloadState | undefined {
    return findWorkload(this.#parts.store.state, this.#key);
  }

  async #passes(): Promise<void> {
    while (this.#isDirty && !this.#isClosed) {
      // What one turn of the event loop changes is looked at once, and no workload keeps the others from their turn.
      await nextTurn();
      if (this.#isClosed) return;
      this.#isDirty = false;
      clearTimeout(this.#timer);
      if (this.#retries.until > this.#parts.now()) return this.#wakeAt(this.#retries.until);
      try {
        await this.#lookAndAct();
      } catch (error) {
        this.#hold(error);
      }
    }
  }

  async #lookAndAct(): Promise<void> {
    const state = this.#state;
    if (!state) return;
    const tasks = this.#look(state);
    this.#countTroubles(state, tasks);
    this.#progress.follow(tasks);
    const decision = this.#decide(state);
    if (decision.verdict) return this.#conclude(state, decision);
    // Starts need not wait for the routing, ends must: whoever ends shall get no more requests.
    const starts = decision.plan.steps.filter((step) => step.operation.kind === "start-task");
    for (const step of starts) this.#operations.perform(state, step.operation, step.because);
    await this.#route(state.isRemoving ? undefined : state.current, decision.serving);
    for (const step of decision.plan.steps) {
      if (step.operation.kind !== "start-task") this.#operations.perform(state, step.operation, step.because);
    }
    if (decision.wakeAt !== undefined) this.#wakeAt(decision.wakeAt);
  }

  #decide(state: WorkloadState): ServiceDecision {
    const now = this.#parts.now();
    const tasks = this.#look(state);
    const decision = decideService(this.#toWish(state), tasks, now);
    const wakeAt = Math.min(decision.wakeAt ?? Number.POSITIVE_INFINITY, nextSettling(tasks, now) ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(wakeAt) ? { ...decision, wakeAt } : decision;
  }

  #toWish(state: WorkloadState): ServiceWish {
    return {
      ...(state.current ? { current: { ...toWanted(state.current), ...(state.paused ? { count: 0 } : {}) } } : {}),
      ...(state.next ? { next: { ...toWanted(state.next.version), isCancelled: this.#isCancelled } } : {}),
      ...(state.leftSpecification ? { left: state.leftSpecification } : {}),
      isRemoving: state.isRemoving,
      replaceFrom: this.#pace.from,
    };
  }

  #look(state: WorkloadState): readonly ServiceTask[] {
    const { table, now } = this.#parts;
    return toServiceTasks(table.tasksOf(this.#key), {
      work: this.#operations.work,
      wasInterrupted: (id) => table.wasInterrupted(id),
      probeStatus: (task) => this.#probe(state, task),
      now: now(),
      includesRuns: state.isRemoving,
    });
  }

  #probe(state: WorkloadState, task: Task): ProbeStatus | undefined {
    const { next, current } = state;
    const version = [next?.version, current].find((candidate) => candidate?.specification === task.specification);
    const address = taskAddress(task);
    if (!version || !address) return undefined;
    const checks = toTaskChecks(version.document);
    if (checks.length === 0) return undefined;
    // A task that was accepted before this program began goes on serving until a check speaks against it.
    const trusted = current?.specification === task.specification && !this.#progress.hasSeenStart(task.id);
    this.#parts.prober.watch(task.id, { key: this.#key, address, checks, trusted });
    return this.#parts.prober.status(task.id);
  }

  #countTroubles(state: WorkloadState, tasks: readonly ServiceTask[]): void {
    const now = this.#parts.now();
    for (const task of tasks) {
      if ((!task.crash && !task.unhealthy) || this.#counted.has(task.id)) continue;
      this.#counted.add(task.id);
      if (task.specification !== state.current?.specification) continue;
      this.#pace = paceAfter(this.#pace, { ranFor: task.since === 0 ? 0 : now - task.since, now });
    }
    const known = new Set(tasks.map((task) => task.id));
    for (const id of this.#counted) if (!known.has(id)) this.#counted.delete(id);
  }

  async #conclude(state: WorkloadState, { verdict, serving }: ServiceDecision): Promise<void> {
    const { next, current } = state;
    if (!next || !verdict) return;
    const before = current ? { revision: current.revision } : {};
    if (verdict.kind === "healthy") {
      await this.#route(next.version, serving);
      await this.#end(next.version, "deployed", undefined);
      this.#parts.onVersion(this.#key);
      this.#finish({ kind: "deployed", revision: next.version.revision, urls: this.#urls(next.version, serving) });
    } else if (verdict.kind === "cancelled") {
      await this.#end(next.version, "cancelled", undefined);
      this.#finish({ kind: "cancelled", ...before });
    } else {
      const failure = await this.#toFailure(verdict);
      this.#operations.abortDeployment("The deployment failed.");
      await this.#end(next.version, next.noRollback ? "failed" : "rolled-back", failure);
      this.#finish(next.noRollback ? { kind: "failed", failure } : { kind: "rolled-back", failure, ...before });
    }
    // Whatever runs now was well a moment ago: nothing waits for its replacement.
    this.#pace = freshPace;
    this.#isDirty = true;
  }

  async #toFailure(verdict: Extract<Verdict, { readonly kind: "failed" }>): Promise<NonNullable<WorkloadState["lastFailure"]>> {
    const { reason, container, exitCode } = verdict.stop;
    const members = this.#parts.table.task(this.#key, verdict.taskId)?.members ?? [];
    const member = members.find((candidate) => candidate.name === container) ?? members.find((candidate) => candidate.essential);
    return {
      reason,
      ...(container === undefined ? {} : { container }),
      ...(exitCode === undefined ? {} : { exitCode }),
      lastLines: member ? await readLastLines(this.#parts, this.#key, member.container.id) : [],
    };
  }

  async #end({ revision }: Version, status: ReleaseEnd, failure: WorkloadState["lastFailure"]): Promise<void> {
    const at = new Date(this.#parts.now()).toISOString();
    await this.#parts.store.record({ type: "deployment-ended", ...this.#key, revision, status, at, ...(failure ? { failure } : {}) });
  }

  #finish(outcome: DeploymentOutcome): void {
    this.#work?.emit({ type: "outcome", outcome });
    this.#work = undefined;
  }

  #toRoute(version: Version, serving: readonly string[]): Route {
    const addresses = serving.flatMap((id) => {
      const task = this.#parts.table.task(this.#key, id);
      return (task && taskAddress(task)) ?? [];
    });
    return { document: version.document, addresses: addresses.toSorted() };
  }

  #setRoute(version: Version | undefined, serving: readonly string[]): void {
    this.#parts.router.set(this.#key, version && this.#toRoute(version, serving));
  }

  async #route(version: Version | undefined, serving: readonly string[]): Promise<void> {
    this.#setRoute(version, serving);
    await this.#parts.router.publish();
  }

  #urls(version: Version, serving: readonly string[]): readonly string[] {
    return this.#parts.router.urls(this.#toRoute(version, serving));
  }

  #tell(step: Omit<StepProgress, "type" | "at">): void {
    this.#work?.emit({ type: "step", ...step, at: new Date(this.#parts.now()).toISOString() });
  }

  #hold(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.#retries.failed(message, this.#parts.now())) {
      const { workload, environment, application } = this.#key;
      this.#work?.emit({ type: "notice", level: "warning", message: `${message} It is tried again until it works or is cancelled.` });
      // The router tells its own troubles, once for all workloads.
      if (!(error instanceof RoutingError)) this.#parts.warn(`${workload} in ${environment} of ${application}: ${message}`);
    }
    this.#wakeAt(this.#retries.until);
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => this.wake(), Math.max(10, time - this.#parts.now()));
  }
}

function toWanted({ revision, specification, document }: Version): WantedVersion {
  return { revision, specification, count: document.service?.desiredCount ?? 0, rolling: document.service?.rolling ?? "default" };
}
