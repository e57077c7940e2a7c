import { setTimeout as delay } from "node:timers/promises";
import type { Pipeline } from "../../model/pipeline.ts";
import type { ActionKey, ExecutionEvent, Trigger } from "../../pipelines/execution/event.ts";
import { schedule, type Decision, type Wait } from "../../pipelines/execution/schedule.ts";
import { actionState, findAction, reduceExecution, type ExecutionState } from "../../pipelines/execution/state.ts";
import { workKey, workOf, type Work } from "../../pipelines/execution/work.ts";
import type { Journal } from "../journal/journal.ts";
import { carryOut, type WorkOutcome } from "./carry-out.ts";
import { toEvent, type Undated } from "./decision-event.ts";
import { executionId, type PipelineKey } from "./execution-store.ts";
import type { RunnerDependencies } from "./runner-dependencies.ts";
import { Slots } from "./slots.ts";
import { ControlPlaneEnds, StopRequest, stoppedBy } from "./stop-request.ts";

interface Live {
  readonly key: PipelineKey;
  readonly journal: Journal;
  state: ExecutionState;
  /** Events that are being appended: the journal stays open for them. */
  appending: number;
}

interface Worker {
  readonly work: Work;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Runs executions: appends what was decided to their journals and has done what the journals say is under way. All decisions are those of
 * `schedule`; a crash at any point leaves journals from which {@link Runner.start} goes on.
 */
export class Runner {
  readonly #dependencies: RunnerDependencies;
  readonly #live = new Map<string, Live>();
  readonly #workers = new Map<string, Worker>();
  readonly #slots: Slots;
  readonly #numbers = new Map<string, Promise<number>>();
  #waits: readonly Wait[] = [];
  #settling: Promise<void> = Promise.resolve();
  #settleAgain = false;
  #isSettling = false;
  #closed = false;

  constructor(dependencies: RunnerDependencies) {
    this.#dependencies = dependencies;
    this.#slots = new Slots(dependencies.concurrency);
  }

  /** Takes up every execution that had not ended. */
  async start(): Promise<void> {
    const { store } = this.#dependencies;
    for (const { pipeline } of await store.definitions()) {
      const key = { application: pipeline.application, name: pipeline.name };
      for (const number of await store.executionNumbers(key)) {
        const state = await store.readExecution(key, number);
        if (state?.status === "in-progress") await this.#open(key, number);
      }
    }
    this.#settle();
  }

  /** Starts an execution of a pipeline. */
  async begin(pipeline: Pipeline, trigger: Trigger): Promise<ExecutionState> {
    const key = { application: pipeline.application, name: pipeline.name };
    const number = await this.#nextNumber(key);
    const { journal } = await this.#dependencies.store.openExecution(key, number);
    const event = { type: "execution-started", at: this.#at(), id: executionId(key, number), number, pipeline, trigger } as const;
    await journal.append(event);
    const live: Live = { key, journal, state: reduceExecution(undefined, event), appending: 0 };
    this.#live.set(live.state.id, live);
    this.#dependencies.onUpdate({ type: "state", state: live.state });
    this.#settle();
    return live.state;
  }

  /** Executions that have not ended. */
  states(): readonly ExecutionState[] {
    return [...this.#live.values()].map(({ state }) => state);
  }

  /** Why executions wait that could go on. */
  waits(): readonly Wait[] {
    return this.#waits;
  }

  /** Answers a pending approval. `not-waiting` when there is none. */
  async answerApproval(
    id: string,
    key: ActionKey,
    answer: { readonly approved: boolean; readonly user: string; readonly comment?: string },
  ): Promise<"done" | "not-waiting"> {
    const live = this.#live.get(id);
    const action = live === undefined ? undefined : findAction(live.state.pipeline, key);
    if (live === undefined || action?.work.kind !== "approval" || actionState(live.state, key)?.status !== "in-progress")
      return "not-waiting";
    const { user, comment } = answer;
    const said = comment === undefined || comment === "" ? "" : `: ${comment}`;
    await this.#append(
      live,
      answer.approved
        ? {
            type: "action-succeeded",
            ...key,
            output: { summary: `approved by ${user}${said}`, approval: { user, ...(comment === undefined ? {} : { comment }) } },
          }
        : { type: "action-failed", ...key, failure: { kind: "rejected", reason: `rejected by ${user}${said}` } },
    );
    this.#settle();
    return "done";
  }

  /** Ends an execution; what it has deployed stays. `not-running` when it has ended. */
  async stop(id: string, user: string, reason?: string): Promise<"done" | "not-running"> {
    const live = this.#live.get(id);
    if (live?.state.status !== "in-progress") return "not-running";
    await this.#append(live, { type: "stop-requested", user, ...(reason === undefined ? {} : { reason }) });
    this.#settle();
    return "done";
  }

  /** Runs the failed actions of an execution again, or `from` and what is behind it. */
  async retry(
    key: PipelineKey,
    number: number,
    request: { readonly user: string; readonly from?: string },
  ): Promise<"done" | "not-failed" | "no-such-action"> {
    const live = this.#live.get(executionId(key, number)) ?? (await this.#open(key, number));
    if (live === undefined || (live.state.status !== "failed" && live.state.status !== "stopped")) return "not-failed";
    const stage =
      request.from === undefined
        ? live.state.stages.find(({ status }) => status !== "succeeded")
        : live.state.stages.find(({ actions }) => actions.some(({ name }) => name === request.from));
    if (stage === undefined) return "no-such-action";
    await this.#append(live, { type: "retry-requested", stage: stage.name, ...request });
    this.#settle();
    return "done";
  }

  /** Resolves once nothing is left that could go on without a person. */
  async idle(): Promise<void> {
    for (;;) {
      await this.#settling;
      const busy = [...this.#workers.values()].filter(({ work }) => work.kind === "rollback" || work.action.work.kind !== "approval");
      if (busy.length === 0 && !this.#isSettling) return;
      await Promise.all(busy.map(({ done }) => done));
    }
  }

  /** Ends all work without a word in the journals, so that the next start takes it up again. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { abort } of this.#workers.values()) abort.abort(new ControlPlaneEnds());
    await Promise.all([...this.#workers.values()].map(({ done }) => done));
    await this.#settling;
    for (const { journal } of this.#live.values()) await journal[Symbol.asyncDispose]();
    this.#live.clear();
  }

  async #open(key: PipelineKey, number: number): Promise<Live | undefined> {
    const { journal, state } = await this.#dependencies.store.openExecution(key, number);
    if (state === undefined) {
      await journal[Symbol.asyncDispose]();
      return undefined;
    }
    const live: Live = { key, journal, state, appending: 0 };
    this.#live.set(state.id, live);
    return live;
  }

  #nextNumber(key: PipelineKey): Promise<number> {
    const name = `${key.application}/${key.name}`;
    const last = this.#numbers.get(name) ?? this.#dependencies.store.executionNumbers(key).then((numbers) => numbers.at(-1) ?? 0);
    const next = last.then((number) => number + 1);
    this.#numbers.set(name, next);
    return next;
  }

  #at(): string {
    return this.#dependencies.now().toISOString();
  }

  /** Appends until the disk takes it: what has happened cannot be forgotten because there was no room to write it down. */
  async #append(live: Live, event: Undated): Promise<void> {
    live.appending += 1;
    try {
      await this.#appendUntilWritten(live, { ...event, at: this.#at() });
    } finally {
      live.appending -= 1;
    }
    this.#dependencies.onUpdate({ type: "state", state: live.state });
  }

  async #appendUntilWritten(live: Live, event: ExecutionEvent): Promise<void> {
    for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
      try {
        await live.journal.append(event, () => {
          live.state = reduceExecution(live.state, event);
        });
        return;
      } catch (error) {
        if (this.#closed) return;
        this.#dependencies.onProblem(
          `The journal of ${live.state.id} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        );
        await delay(wait);
      }
    }
  }

  #settle(): void {
    if (this.#closed) return;
    this.#settleAgain = true;
    if (this.#isSettling) return;
    this.#isSettling = true;
    this.#settling = this.#settleAll()
      .catch((error: unknown) => this.#dependencies.onProblem(error instanceof Error ? (error.stack ?? error.message) : String(error)))
      .finally(() => {
        this.#isSettling = false;
      });
  }

  async #settleAll(): Promise<void> {
    while (this.#settleAgain && !this.#closed) {
      this.#settleAgain = false;
      const { decisions, waits } = schedule(this.states());
      this.#waits = waits;
      const changed = await Promise.all(decisions.map((decision) => this.#apply(decision)));
      if (changed.includes(true)) this.#settleAgain = true;
      else {
        this.#ensureWorkers();
        await this.#closeEnded();
      }
    }
  }

  /** Writes a decision down; whether that changed anything. */
  async #apply(decision: Decision): Promise<boolean> {
    const live = this.#live.get(decision.execution);
    if (live === undefined) return false;
    if (decision.kind === "stop-action") return this.#stopAction(live, decision);
    await this.#append(live, toEvent(decision));
    return true;
  }

  async #stopAction(live: Live, { stage, action }: ActionKey): Promise<boolean> {
    const worker = [...this.#workers.values()].find(
      ({ work }) => work.execution === live.state.id && work.stage === stage && work.kind === "action" && work.action.name === action,
    );
    const isRunning = worker?.work.kind === "action" && worker.work.action.work.kind !== "approval";
    if (worker !== undefined) worker.abort.abort(new StopRequest(live.state.stop?.user ?? ""));
    if (isRunning) return false;
    await this.#append(live, { type: "action-failed", stage, action, failure: stoppedBy(live.state.stop?.user ?? "") });
    return true;
  }

  #ensureWorkers(): void {
    const expected = new Map<string, Work>();
    for (const state of this.states()) for (const work of workOf(state)) expected.set(workKey(work), work);
    for (const [key, worker] of this.#workers) if (!expected.has(key)) worker.abort.abort(new Error("no longer wanted"));
    for (const [key, work] of expected) if (!this.#workers.has(key)) this.#startWorker(key, work);
  }

  /** An execution that has ended is read from its files from then on. */
  async #closeEnded(): Promise<void> {
    for (const [id, live] of this.#live) {
      const isBusy = [...this.#workers.values()].some(({ work }) => work.execution === id);
      if (live.state.status === "in-progress" || live.appending > 0 || isBusy) continue;
      this.#live.delete(id);
      await live.journal[Symbol.asyncDispose]();
    }
  }

  #startWorker(key: string, work: Work): void {
    const live = this.#live.get(work.execution);
    if (live === undefined) return;
    const abort = new AbortController();
    const done = carryOut(work, live.state, this.#dependencies, {
      abort,
      slots: this.#slots,
      folder: this.#dependencies.store.executionFolder(live.key, live.state.number),
    })
      .then((outcome) => this.#finish(live, outcome))
      .catch((error: unknown) => this.#dependencies.onProblem(error instanceof Error ? (error.stack ?? error.message) : String(error)))
      .finally(() => {
        this.#workers.delete(key);
        this.#settle();
      });
    this.#workers.set(key, { work, abort, done });
  }

  async #finish(live: Live, outcome: WorkOutcome): Promise<void> {
    if (this.#closed || outcome === undefined) return;
    await this.#append(live, outcome);
  }
}
