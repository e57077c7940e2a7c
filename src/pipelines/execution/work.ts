import type { Action, Stage } from "../../model/pipeline.ts";
import type { ExecutionState, StageState } from "./state.ts";

/** Something that is under way by the journal, so that somebody must be doing it; after a crash it is done again from its start. */
export type Work = { readonly execution: string; readonly stage: string; readonly startedAt: string } & (
  | { readonly kind: "action"; readonly action: Action; readonly attempt: number }
  | { readonly kind: "rollback"; readonly definition: Stage }
);

/** A name for a piece of work that no other piece has, a second attempt included. */
export const workKey = (work: Work): string =>
  work.kind === "action"
    ? `${work.execution}/${work.stage}/${work.action.name}/${work.startedAt}/${work.attempt}`
    : `${work.execution}/${work.stage}/rollback`;

/** Everything that an execution has under way, pending approvals included. */
export function workOf(state: ExecutionState): readonly Work[] {
  if (state.status !== "in-progress") return [];
  return state.stages.flatMap((stage, index) => {
    const definition = state.pipeline.stages[index];
    return definition === undefined ? [] : stageWork(state.id, stage, definition);
  });
}

function stageWork(execution: string, stage: StageState, definition: Stage): readonly Work[] {
  if (stage.status !== "in-progress") return [];
  const work: Work[] = [];
  for (const [index, action] of stage.actions.entries()) {
    const actionDefinition = definition.actions[index];
    if (action.status !== "in-progress" || actionDefinition === undefined) continue;
    const startedAt = action.startedAt ?? "";
    work.push({ kind: "action", execution, stage: stage.name, startedAt, action: actionDefinition, attempt: action.attempts });
  }
  if (stage.rollback?.status === "in-progress") {
    work.push({ kind: "rollback", execution, stage: stage.name, startedAt: stage.enteredAt ?? "", definition });
  }
  return work;
}
