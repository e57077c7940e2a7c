import { randomBytes } from "node:crypto";
import type { DeploymentFailure } from "../../model/deployment.ts";
import type { JobRun } from "../../targets/docker/protocol.ts";
import { readLastLines } from "../logs/last-lines.ts";
import type { Engine } from "../engine/engine.ts";
import type { WorkloadKey } from "../object-names.ts";
import { TaskStartError, type TaskRunner } from "../perform/task-runner.ts";
import { pause } from "../pause.ts";
import type { SecretSource } from "../secrets/secret-source.ts";
import type { Version } from "../state/journal-event.ts";
import type { Store } from "../state/store.ts";
import { taskCondition } from "../tasks/task-condition.ts";
import type { TaskStop } from "../tasks/task-stop.ts";
import type { TaskTable } from "../tasks/task-table.ts";

/** What runs are done with. */
export interface RunParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly table: TaskTable;
  readonly runner: TaskRunner;
  readonly secrets: SecretSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One run of a job that is under way. */
export interface RunOrder {
  readonly key: WorkloadKey;
  readonly version: Version;
  readonly run: JobRun;
  /** Fires when the run shall stop. */
  readonly signal: AbortSignal;
}

/** How a run ended. */
export interface RunResult {
  readonly run: JobRun;
  readonly failure?: DeploymentFailure;
}

/** As Step Functions does for the original: the first retry after 10 s, each later one after 1.5 times as long. */
const firstRetryDelay = 10_000;
const retryFactor = 1.5;

/** Milliseconds before the retry with this number, counted from 1. */
export const retryDelay = (retry: number): number => firstRetryDelay * retryFactor ** (retry - 1);

type Try =
  | { readonly kind: "succeeded" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly taskId: string; readonly stop: TaskStop };

/**
 * Carries a run to its end, trying again as its document says. The journal has each step, so a run that a former control plane began
 * goes on with its last task, if that still runs or has ended in the meantime.
 */
export async function carryOut(parts: RunParts, order: RunOrder): Promise<RunResult> {
  const { timeout } = order.version.document.job ?? {};
  const left = timeout === undefined ? undefined : Math.max(0, Date.parse(order.run.startedAt) + timeout * 1000 - parts.now());
  const clock = left === undefined ? new AbortController().signal : AbortSignal.timeout(left);
  const progress = { run: order.run };
  try {
    return await tryUntilDone(parts, { ...order, signal: AbortSignal.any([order.signal, clock]) }, progress);
  } catch (error) {
    if (order.signal.reason === closingReason || !(order.signal.aborted || clock.aborted)) throw error;
    const isTimeout = !order.signal.aborted;
    const run = await finish(parts, order.key, { ...progress.run, status: isTimeout ? "timed-out" : "stopped" });
    return { run, failure: { reason: isTimeout ? `it ran longer than ${timeout ?? 0} s` : "it was stopped", lastLines: [] } };
  }
}

async function tryUntilDone(parts: RunParts, order: RunOrder, progress: { run: JobRun }): Promise<RunResult> {
  const { key, signal } = order;
  const retries = order.version.document.job?.retries ?? 0;
  let adopted = order.run.taskIds.at(-1);
  for (;;) {
    const isBegun = adopted !== undefined && isWhole(parts, key, adopted);
    if (!isBegun) {
      // A task that was cut short does not count as a try, and is not waited for.
      const counted = adopted === undefined ? progress.run.tries : progress.run.tries - 1;
      if (adopted !== undefined) await parts.runner.remove(key, adopted);
      else if (counted > 0) await pause(retryDelay(counted), signal);
      signal.throwIfAborted();
      adopted = randomBytes(4).toString("hex");
      progress.run = await record(parts, key, { ...progress.run, tries: counted + 1, taskIds: [...progress.run.taskIds, adopted] });
    }
    const taskId = adopted ?? "";
    const result = await tryOnce(parts, { ...order, run: progress.run }, { taskId, isBegun });
    if (result.kind === "succeeded") return { run: await finish(parts, key, { ...progress.run, status: "succeeded", exitCode: 0 }) };
    const isInterrupted = result.kind === "interrupted";
    adopted = isInterrupted ? taskId : undefined;
    if (isInterrupted || progress.run.tries <= retries) continue;
    const { exitCode } = result.stop;
    const run = await finish(parts, key, { ...progress.run, status: "failed", ...(exitCode === undefined ? {} : { exitCode }) });
    return { run, failure: await toFailure(parts, key, result) };
  }
}

/** Whether all of a task was started, so that only its end need be waited for. */
function isWhole({ table }: RunParts, key: WorkloadKey, taskId: string): boolean {
  const task = table.task(key, taskId);
  return task !== undefined && taskCondition(task).kind !== "starting" && !table.wasInterrupted(taskId);
}

async function tryOnce(
  parts: RunParts,
  order: RunOrder,
  { taskId, isBegun }: { readonly taskId: string; readonly isBegun: boolean },
): Promise<Try> {
  const { key, version, run, signal } = order;
  const task = version.document.task;
  if (!task) throw new Error(`${key.workload} has no task to run.`);
  try {
    if (!isBegun) await parts.runner.start({ id: taskId, key, version, task, runId: run.id }, signal);
    const stop = await parts.table.until(key, () => endOf(parts, key, taskId), signal);
    if (parts.table.wasInterrupted(taskId)) return { kind: "interrupted" };
    return stop.exitCode === 0 ? { kind: "succeeded" } : { kind: "failed", taskId, stop };
  } catch (error) {
    if (signal.aborted || !(error instanceof TaskStartError)) throw error;
    return {
      kind: "failed",
      taskId,
      stop: { reason: error.message, ...(error.exitCode === undefined ? {} : { exitCode: error.exitCode }) },
    };
  } finally {
    const left = parts.table.task(key, taskId);
    if (left && signal.reason !== closingReason) await parts.runner.stop(left);
  }
}

/** Fires a run's signal when the control plane ends: the task is to go on. */
export const closingReason = new Error("The control plane ends.");

function endOf(parts: RunParts, key: WorkloadKey, taskId: string): TaskStop | undefined {
  const task = parts.table.task(key, taskId);
  if (!task) return { reason: "its task is gone" };
  const condition = taskCondition(task);
  return condition.kind === "ended" ? condition.stop : undefined;
}

async function record(parts: RunParts, key: WorkloadKey, run: JobRun): Promise<JobRun> {
  await parts.store.record({ type: "run-recorded", ...key, run });
  return run;
}

function finish(parts: RunParts, key: WorkloadKey, run: JobRun): Promise<JobRun> {
  return record(parts, key, { ...run, endedAt: new Date(parts.now()).toISOString() });
}

async function toFailure(parts: RunParts, key: WorkloadKey, failed: Extract<Try, { readonly kind: "failed" }>): Promise<DeploymentFailure> {
  const { reason, container, exitCode } = failed.stop;
  const members = parts.table.task(key, failed.taskId)?.members ?? [];
  const member = members.find((candidate) => candidate.name === container) ?? members[0];
  return {
    reason,
    ...(container === undefined ? {} : { container }),
    ...(exitCode === undefined ? {} : { exitCode }),
    lastLines: member ? await readLastLines(parts, key, member.container.id) : [],
  };
}
