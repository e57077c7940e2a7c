import type { Action, Stage } from "../../model/pipeline.ts";
import type { ActionKey } from "./event.ts";
import type { ActionState, ExecutionState, StageState } from "./state.ts";

/** What happens next to an execution, by its id. Each becomes one event of its journal. */
export type Decision = { readonly execution: string } & (
  | { readonly kind: "enter-stage"; readonly stage: string }
  | ({ readonly kind: "start-action" } & ActionKey)
  /** Somebody asked to stop: what is under way is to be ended. */
  | ({ readonly kind: "stop-action" } & ActionKey)
  | { readonly kind: "start-rollback"; readonly stage: string }
  | { readonly kind: "end-stage"; readonly stage: string; readonly status: "succeeded" | "failed" | "stopped" }
  /** A newer execution of the pipeline waits at the same stage. */
  | { readonly kind: "supersede"; readonly by: number }
);

/** Why an execution that could go on does not; for whoever asks. */
export interface Wait {
  readonly execution: string;
  readonly stage: string;
  readonly because: string;
}

/** What may happen now, and who waits for whom. */
export interface Schedule {
  readonly decisions: readonly Decision[];
  readonly waits: readonly Wait[];
}

/**
 * Decides for all executions that are under way, in the order in which they started. Within a pipeline a stage belongs to one execution at a
 * time (unless its mode is `parallel`); across pipelines an environment is changed by one stage at a time, an approval not counting as a change.
 */
export function schedule(executions: readonly ExecutionState[]): Schedule {
  const running = executions.filter(({ status }) => status === "in-progress").toSorted(byStart);
  const draft: Draft = { decisions: [], waits: [], locks: environmentLocks(running) };
  for (const execution of running) {
    const index = execution.stages.findIndex(({ status }) => status !== "succeeded");
    const state = execution.stages[index];
    const stage = execution.pipeline.stages[index];
    if (state === undefined || stage === undefined) continue;
    const step = { execution, stage, state };
    if (state.status === "waiting") decideEntry(step, running, draft);
    else if (state.status === "in-progress") decideActions(step, draft);
  }
  return { decisions: draft.decisions, waits: draft.waits };
}

/** A schedule that is being made, and which execution has which environment by then. */
interface Draft {
  readonly decisions: Decision[];
  readonly waits: Wait[];
  readonly locks: Map<string, ExecutionState>;
}

/** Where an execution is. */
interface Position {
  readonly execution: ExecutionState;
  readonly stage: Stage;
  readonly state: StageState;
}

const byStart = (a: ExecutionState, b: ExecutionState): number =>
  a.startedAt === b.startedAt
    ? pipelineKey(a) === pipelineKey(b)
      ? a.number - b.number
      : a.id < b.id
        ? -1
        : 1
    : a.startedAt < b.startedAt
      ? -1
      : 1;

const pipelineKey = (execution: ExecutionState): string => `${execution.pipeline.application}/${execution.pipeline.name}`;

function decideEntry({ execution, stage }: Position, running: readonly ExecutionState[], { decisions, waits }: Draft): void {
  const at = { execution: execution.id, stage: stage.name };
  if (execution.stop !== undefined) {
    decisions.push({ kind: "end-stage", ...at, status: "stopped" });
    return;
  }
  const mode = execution.pipeline.executionMode;
  const others = running.filter((other) => other.id !== execution.id && pipelineKey(other) === pipelineKey(execution));
  if (mode !== "parallel") {
    const newer = others.filter((other) => other.number > execution.number && other.stop === undefined && waitsAt(other, stage.name));
    const newest = newer.toSorted((a, b) => b.number - a.number)[0];
    if (mode === "superseded" && newest !== undefined) {
      decisions.push({ kind: "supersede", execution: execution.id, by: newest.number });
      return;
    }
    const before = others.find(
      (other) => isIn(other, stage.name) || (other.number < execution.number && waitsAt(other, stage.name) && mode === "queued"),
    );
    if (before !== undefined) {
      waits.push({ ...at, because: `execution ${before.number} is in ${stage.name}` });
      return;
    }
  }
  decisions.push({ kind: "enter-stage", ...at });
}

const stageOf = (execution: ExecutionState): StageState | undefined => execution.stages.find(({ status }) => status !== "succeeded");

const waitsAt = (execution: ExecutionState, stage: string): boolean => {
  const current = stageOf(execution);
  return current?.name === stage && current.status === "waiting";
};

const isIn = (execution: ExecutionState, stage: string): boolean => {
  const current = stageOf(execution);
  return current?.name === stage && current.status === "in-progress";
};

function decideActions(position: Position, draft: Draft): void {
  const { decisions } = draft;
  const { execution, stage, state } = position;
  const inProgress = state.actions.filter(({ status }) => status === "in-progress");
  if (execution.stop !== undefined) {
    for (const action of inProgress)
      decisions.push({ kind: "stop-action", execution: execution.id, stage: stage.name, action: action.name });
    if (inProgress.length === 0) decisions.push({ kind: "end-stage", execution: execution.id, stage: stage.name, status: "stopped" });
    return;
  }
  if (state.actions.some(({ status }) => status === "failed")) {
    if (inProgress.length === 0) decideFailure(position, decisions);
    return;
  }
  if (state.actions.every(({ status }) => status === "succeeded")) {
    decisions.push({ kind: "end-stage", execution: execution.id, stage: stage.name, status: "succeeded" });
    return;
  }
  startActions(position, draft);
}

function decideFailure({ execution, stage, state }: Position, decisions: Decision[]): void {
  const deployed = stage.actions.some(
    ({ name, work }) => work.kind === "deploy" && changedSomething(state.actions.find((action) => action.name === name)),
  );
  if (stage.onFailure === "rollback" && deployed && state.rollback?.status !== "done") {
    if (state.rollback === undefined) decisions.push({ kind: "start-rollback", execution: execution.id, stage: stage.name });
    return;
  }
  decisions.push({ kind: "end-stage", execution: execution.id, stage: stage.name, status: "failed" });
}

const changedSomething = (action: ActionState | undefined): boolean => action?.status === "succeeded" && action.output?.unchanged !== true;

function startActions(position: Position, { decisions, waits, locks }: Draft): void {
  const { execution, stage, state } = position;
  const succeeded = new Set(state.actions.filter(({ status }) => status === "succeeded").map(({ name }) => name));
  const pending = new Set(state.actions.filter(({ status }) => status === "pending").map(({ name }) => name));
  for (const action of stage.actions) {
    if (!pending.has(action.name) || !action.after.every((name) => succeeded.has(name))) continue;
    const holder = takeLock(position, action, locks);
    if (holder === undefined) decisions.push({ kind: "start-action", execution: execution.id, stage: stage.name, action: action.name });
    else if (!waits.some((wait) => wait.execution === execution.id)) {
      waits.push({
        execution: execution.id,
        stage: stage.name,
        because: `execution ${holder.number} of pipeline ${holder.pipeline.name} deploys to ${stage.environment ?? stage.name}`,
      });
    }
  }
}

const lockKey = (execution: ExecutionState, stage: Stage): string | undefined =>
  stage.environment === undefined ? undefined : `${execution.pipeline.application}/${stage.environment}`;

/** Gives the environment to this execution, or tells who has it. */
function takeLock({ execution, stage }: Position, action: Action, locks: Map<string, ExecutionState>): ExecutionState | undefined {
  const key = lockKey(execution, stage);
  if (key === undefined || action.work.kind === "approval") return undefined;
  const holder = locks.get(key);
  if (holder !== undefined && holder.id !== execution.id) return holder;
  locks.set(key, execution);
  return undefined;
}

/** Environments that a stage under way has begun to change. */
function environmentLocks(running: readonly ExecutionState[]): Map<string, ExecutionState> {
  const locks = new Map<string, ExecutionState>();
  for (const execution of running) {
    for (const [index, state] of execution.stages.entries()) {
      const stage = execution.pipeline.stages[index];
      const key = stage === undefined ? undefined : lockKey(execution, stage);
      if (stage === undefined || key === undefined || state.status !== "in-progress") continue;
      const begun = stage.actions.some(({ work }, position) => work.kind !== "approval" && hasBegun(state.actions[position]));
      if (begun) locks.set(key, execution);
    }
  }
  return locks;
}

const hasBegun = (action: ActionState | undefined): boolean => action !== undefined && (action.status !== "pending" || action.attempts > 0);
