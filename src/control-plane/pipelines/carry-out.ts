import type { Action, Stage } from "../../model/pipeline.ts";
import { Problem } from "../../model/problem.ts";
import type { ActionFailure, ExecutionEvent } from "../../pipelines/execution/event.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import type { Work } from "../../pipelines/execution/work.ts";
import { defaultApprovalTimeout } from "../../pipelines/compile-pipeline.ts";
import { ActionLog } from "./action-log.ts";
import { logFile } from "./execution-store.ts";
import type { PerformRequest, PerformResult } from "./performer.ts";
import type { RunnerDependencies } from "./runner-dependencies.ts";
import type { Slots } from "./slots.ts";
import { StopRequest, stoppedBy } from "./stop-request.ts";

type Ended = Extract<ExecutionEvent, { type: "action-succeeded" | "action-failed" | "rollback-ended" }>;
/** The event that a piece of work ends with; `undefined` when it was given up and somebody else takes it up. */
export type WorkOutcome = (Ended extends infer E ? (E extends Ended ? Omit<E, "at"> : never) : never) | undefined;

/** Where a piece of work runs. */
export interface WorkPlace {
  readonly abort: AbortController;
  readonly slots: Slots;
  /** Folder of the execution's files. */
  readonly folder: string;
}

/** Does a piece of work to its end, whatever that is. Never rejects for what the work did. */
export async function carryOut(
  work: Work,
  execution: ExecutionState,
  dependencies: RunnerDependencies,
  place: WorkPlace,
): Promise<WorkOutcome> {
  const stage = execution.pipeline.stages.find(({ name }) => name === work.stage);
  if (stage === undefined) return undefined;
  if (work.kind === "action" && work.action.work.kind === "approval") return awaitApproval(work, dependencies, place);
  const action = work.kind === "action" ? work.action.name : "rollback";
  const log = await ActionLog.open(logFile(place.folder, stage.name, action), dependencies.now, (at, text) =>
    dependencies.onUpdate({ type: "line", execution: execution.id, stage: stage.name, action, at, text }),
  );
  const request = { execution, stage, folder: place.folder, signal: place.abort.signal, log: (line: string) => log.write(line) };
  try {
    if (work.kind === "rollback") return await rollBack(request, dependencies);
    return await performAction(work.action, request, { dependencies, place, log, stage });
  } finally {
    await log.close();
  }
}

/** Waits for the end of the approval's time; an answer comes as an event from elsewhere and ends the wait. */
async function awaitApproval(
  work: Extract<Work, { kind: "action" }>,
  { now }: RunnerDependencies,
  { abort }: WorkPlace,
): Promise<WorkOutcome> {
  const timeout = work.action.timeout ?? defaultApprovalTimeout;
  const due = Date.parse(work.startedAt) + timeout;
  while (!abort.signal.aborted) {
    const left = due - now().getTime();
    if (left <= 0) {
      return {
        type: "action-failed",
        stage: work.stage,
        action: work.action.name,
        failure: { kind: "timed-out", reason: `nobody approved within ${formatDuration(timeout)}` },
      };
    }
    await sleep(Math.min(left, 60 * 60_000), abort.signal);
  }
  return undefined;
}

/** Timers hold at most 24.8 days, so long waits are made of shorter ones. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, milliseconds);
    timer.unref();
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    }
    signal.addEventListener("abort", finish, { once: true });
  });
}

interface ActionSurroundings {
  readonly dependencies: RunnerDependencies;
  readonly place: WorkPlace;
  readonly log: ActionLog;
  readonly stage: Stage;
}

async function performAction(
  action: Action,
  request: Omit<PerformRequest, "action">,
  { dependencies, place, log, stage }: ActionSurroundings,
): Promise<WorkOutcome> {
  const key = { stage: stage.name, action: action.name };
  let timer: NodeJS.Timeout | undefined;
  const perform = (): Promise<PerformResult> => {
    if (action.timeout !== undefined) timer = setTimeout(() => place.abort.abort(new TimedOut(action.timeout ?? 0)), action.timeout);
    return dependencies.performer.perform({ ...request, action });
  };
  try {
    const result = await place.slots.use(place.abort.signal, perform);
    const aborted = abortFailure(place.abort.signal);
    if (result.kind === "succeeded") return { type: "action-succeeded", ...key, output: result.output };
    return { type: "action-failed", ...key, failure: aborted ?? withLastLines(result.failure, log) };
  } catch (error) {
    if (place.abort.signal.aborted) {
      const failure = abortFailure(place.abort.signal);
      return failure === undefined ? undefined : { type: "action-failed", ...key, failure };
    }
    return { type: "action-failed", ...key, failure: withLastLines(toFailure(error), log) };
  } finally {
    clearTimeout(timer);
  }
}

async function rollBack(request: Omit<PerformRequest, "action">, { performer }: RunnerDependencies): Promise<WorkOutcome> {
  const stage = request.stage.name;
  try {
    return { type: "rollback-ended", stage, ...(await performer.rollBack(request)) };
  } catch (error) {
    if (request.signal.aborted) return undefined;
    return { type: "rollback-ended", stage, restored: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

class TimedOut extends Error {
  constructor(milliseconds: number) {
    super(`it took longer than ${formatDuration(milliseconds)}`);
  }
}

function abortFailure(signal: AbortSignal): ActionFailure | undefined {
  if (signal.reason instanceof StopRequest) return stoppedBy(signal.reason.user);
  if (signal.reason instanceof TimedOut) return { kind: "timed-out", reason: signal.reason.message };
  return undefined;
}

function toFailure(error: unknown): ActionFailure {
  if (error instanceof Problem) return { kind: "failed", reason: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  const message = error instanceof Error ? error.message : String(error);
  const full = /ENOSPC|no space left/i.test(message);
  return {
    kind: "failed",
    reason: full ? `the disk of the control plane is full: ${message}` : message,
    ...(full ? { hint: "docker system prune" } : {}),
  };
}

const withLastLines = (failure: ActionFailure, log: ActionLog): ActionFailure =>
  failure.lastLines !== undefined || log.lastLines.length === 0 ? failure : { ...failure, lastLines: [...log.lastLines] };

/** A span of time in its largest whole unit, e.g. `7 days`. */
export function formatDuration(milliseconds: number): string {
  const units = [
    [24 * 60 * 60_000, "day"],
    [60 * 60_000, "hour"],
    [60_000, "minute"],
    [1_000, "second"],
  ] as const;
  const [size, name] = units.find(([unit]) => milliseconds >= unit && milliseconds % unit === 0) ?? [1, "millisecond"];
  const count = Math.round(milliseconds / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
