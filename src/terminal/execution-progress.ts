import type { StepProgress } from "../model/deployment.ts";
import type { Action } from "../model/pipeline.ts";
import type { ActionState, ExecutionState } from "../pipelines/execution/state.ts";

/** What is new between two states of an execution, as steps: a step for each stage and one below it for each action. */
export function executionSteps(before: ExecutionState | undefined, after: ExecutionState): readonly StepProgress[] {
  return after.stages.flatMap((stage, index) => {
    const earlier = before?.stages[index];
    const definition = after.pipeline.stages[index];
    const steps: StepProgress[] = [];
    if (earlier?.enteredAt !== stage.enteredAt && stage.enteredAt !== undefined) {
      steps.push({ type: "step", id: stage.name, title: `Stage ${stage.name}`, status: "started", at: stage.enteredAt });
    }
    for (const [position, action] of stage.actions.entries()) {
      const was = earlier?.actions[position];
      const kind = definition?.actions[position];
      if (kind !== undefined && (was?.status !== action.status || was.attempts !== action.attempts))
        steps.push(...actionSteps(stage.name, kind, action));
    }
    if (earlier?.status !== stage.status && stage.endedAt !== undefined) {
      const status = stage.status === "succeeded" ? "succeeded" : "failed";
      steps.push({ type: "step", id: stage.name, title: `Stage ${stage.name}`, status, at: stage.endedAt });
    }
    return steps;
  });
}

function actionSteps(stage: string, action: Action, state: ActionState): readonly StepProgress[] {
  const step = { type: "step", id: `${stage}/${action.name}`, parent: stage, title: titleOf(action) } as const;
  switch (state.status) {
    case "pending":
      return state.attempts === 0
        ? []
        : [{ ...step, status: "progressed", detail: `attempt ${state.attempts} failed; it is tried again`, at: state.startedAt ?? "" }];
    case "in-progress":
      return [
        {
          ...step,
          status: "started",
          at: state.startedAt ?? "",
          ...(action.work.kind === "approval" ? { detail: "waits for an approval" } : {}),
        },
      ];
    case "succeeded":
      return [
        { ...step, status: "succeeded", at: state.endedAt ?? "", ...(state.output === undefined ? {} : { detail: state.output.summary }) },
      ];
    case "failed":
      return [
        { ...step, status: "failed", at: state.endedAt ?? "", ...(state.failure === undefined ? {} : { detail: state.failure.reason }) },
      ];
  }
}

function titleOf({ name, work }: Action): string {
  switch (work.kind) {
    case "source":
      return `Take the source from ${work.source.repository}`;
    case "approval":
      return `Approve the promotion to ${work.environment}`;
    case "deploy":
      return `Deploy ${work.name} to ${work.environment}`;
    case "build":
      return name === "Build" ? "Build" : `Run ${name}`;
  }
}
