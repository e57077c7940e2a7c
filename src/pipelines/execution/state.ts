import type { Action, Pipeline, Stage } from "../../model/pipeline.ts";
import type { ActionFailure, ActionKey, ActionOutput, ExecutionEvent, Trigger } from "./event.ts";

/** How an action is. `attempts` counts starts since the execution began or the action was retried by a person. */
export interface ActionState {
  readonly name: string;
  readonly status: "pending" | "in-progress" | "succeeded" | "failed";
  readonly attempts: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly output?: ActionOutput;
  readonly failure?: ActionFailure;
}

/** How a stage is. */
export interface StageState {
  readonly name: string;
  readonly status: "waiting" | "in-progress" | "succeeded" | "failed" | "stopped";
  readonly enteredAt?: string;
  readonly endedAt?: string;
  readonly actions: readonly ActionState[];
  readonly rollback?: { readonly status: "in-progress" | "done"; readonly restored: readonly string[]; readonly problem?: string };
}

/** How an execution is: what its journal amounts to. */
export interface ExecutionState {
  readonly id: string;
  /** Counts from 1 in its pipeline. */
  readonly number: number;
  readonly pipeline: Pipeline;
  readonly trigger: Trigger;
  readonly status: "in-progress" | "succeeded" | "failed" | "stopped" | "superseded";
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly stages: readonly StageState[];
  readonly stop?: { readonly user: string; readonly reason?: string };
  readonly supersededBy?: number;
}

/** The state after `event`. Pure; an event that no longer fits, such as the end of an action that has ended, changes nothing. */
export function reduceExecution(state: ExecutionState | undefined, event: ExecutionEvent): ExecutionState {
  if (event.type === "execution-started") return state ?? started(event);
  if (state === undefined) throw new Error(`The journal of an execution begins with ${event.type}.`);
  const next = apply(state, event);
  return next === state ? state : { ...next, updatedAt: event.at };
}

function started(event: Extract<ExecutionEvent, { type: "execution-started" }>): ExecutionState {
  return {
    id: event.id,
    number: event.number,
    pipeline: event.pipeline,
    trigger: event.trigger,
    status: "in-progress",
    startedAt: event.at,
    updatedAt: event.at,
    stages: event.pipeline.stages.map(({ name, actions }) => ({
      name,
      status: "waiting",
      actions: actions.map((action) => ({ name: action.name, status: "pending", attempts: 0 })),
    })),
  };
}

function apply(state: ExecutionState, event: Exclude<ExecutionEvent, { type: "execution-started" }>): ExecutionState {
  switch (event.type) {
    case "stage-entered":
      return withStage(state, event.stage, (stage) =>
        stage.status === "waiting" ? { ...stage, status: "in-progress", enteredAt: event.at } : stage,
      );
    case "action-started":
      return withAction(state, event, (action) => (action.status === "pending" ? startAction(action, event.at) : action));
    case "action-succeeded":
      return withAction(state, event, (action) =>
        action.status === "in-progress" ? { ...action, status: "succeeded", endedAt: event.at, output: event.output } : action,
      );
    case "action-failed":
      return withAction(state, event, (action) => (action.status === "in-progress" ? failAction(state, event, action) : action));
    case "stage-ended":
      return endStage(state, event);
    case "rollback-started":
      return withStage(state, event.stage, (stage) => ({ ...stage, rollback: { status: "in-progress", restored: [] } }));
    case "rollback-ended":
      return withStage(state, event.stage, (stage) => ({
        ...stage,
        rollback: { status: "done", restored: event.restored, ...(event.problem === undefined ? {} : { problem: event.problem }) },
      }));
    case "stop-requested":
      if (state.status !== "in-progress" || state.stop !== undefined) return state;
      return { ...state, stop: { user: event.user, ...(event.reason === undefined ? {} : { reason: event.reason }) } };
    case "retry-requested":
      return retry(state, event);
    case "execution-superseded":
      return state.status === "in-progress" ? { ...state, status: "superseded", supersededBy: event.by } : state;
  }
}

const startAction = (action: ActionState, at: string): ActionState => ({
  name: action.name,
  status: "in-progress",
  attempts: action.attempts + 1,
  startedAt: at,
});

/** A failed action that may be tried again waits for its next start; one that a person ended is never tried again. */
function failAction(
  state: ExecutionState,
  event: { readonly at: string; readonly failure: ActionFailure } & ActionKey,
  action: ActionState,
): ActionState {
  const retries = findAction(state.pipeline, event)?.retries ?? 0;
  const final = event.failure.kind === "rejected" || event.failure.kind === "stopped" || state.stop !== undefined;
  if (!final && action.attempts <= retries) return { ...action, status: "pending", failure: event.failure };
  return { ...action, status: "failed", endedAt: event.at, failure: event.failure };
}

function endStage(state: ExecutionState, event: Extract<ExecutionEvent, { type: "stage-ended" }>): ExecutionState {
  const next = withStage(state, event.stage, (stage) => ({ ...stage, status: event.status, endedAt: event.at }));
  if (event.status !== "succeeded") return { ...next, status: event.status };
  return next.stages.every(({ status }) => status === "succeeded") ? { ...next, status: "succeeded" } : next;
}

/** Puts the failed actions of a stage back to pending, with `from` that action and everything behind it. */
function retry(state: ExecutionState, event: Extract<ExecutionEvent, { type: "retry-requested" }>): ExecutionState {
  const stage = state.pipeline.stages.find(({ name }) => name === event.stage);
  if (stage === undefined || (state.status !== "failed" && state.status !== "stopped")) return state;
  const again = event.from === undefined ? undefined : withFollowers(stage, event.from);
  const next = withStage(state, event.stage, (current) => ({
    name: current.name,
    status: "waiting",
    actions: current.actions.map((action) =>
      action.status !== "succeeded" || again?.has(action.name) === true ? { name: action.name, status: "pending", attempts: 0 } : action,
    ),
  }));
  const { stop: _, ...rest } = next;
  return { ...rest, status: "in-progress" };
}

function withFollowers(stage: Stage, from: string): ReadonlySet<string> {
  const found = new Set([from]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const action of stage.actions) if (action.after.some((name) => found.has(name))) found.add(action.name);
  }
  return found;
}

function withStage(state: ExecutionState, name: string, change: (stage: StageState) => StageState): ExecutionState {
  const index = state.stages.findIndex((stage) => stage.name === name);
  const stage = state.stages[index];
  if (stage === undefined) return state;
  const changed = change(stage);
  return changed === stage ? state : { ...state, stages: state.stages.with(index, changed) };
}

function withAction(state: ExecutionState, key: ActionKey, change: (action: ActionState) => ActionState): ExecutionState {
  return withStage(state, key.stage, (stage) => {
    const index = stage.actions.findIndex(({ name }) => name === key.action);
    const action = stage.actions[index];
    if (action === undefined) return stage;
    const changed = change(action);
    return changed === action ? stage : { ...stage, actions: stage.actions.with(index, changed) };
  });
}

/** The definition of an action. */
export const findAction = (pipeline: Pipeline, key: ActionKey): Action | undefined =>
  pipeline.stages.find(({ name }) => name === key.stage)?.actions.find(({ name }) => name === key.action);

/** The state of an action. */
export const actionState = (state: ExecutionState, key: ActionKey): ActionState | undefined =>
  state.stages.find(({ name }) => name === key.stage)?.actions.find(({ name }) => name === key.action);
