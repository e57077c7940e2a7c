import type { ActionState, ExecutionState } from "../../pipelines/execution/state.ts";
import type { WorkloadDecision } from "../../pipelines/pipeline-api.ts";

/** What executions decided about a workload and why, newest first. */
export function decisionsAbout(workload: string, executions: readonly ExecutionState[]): readonly WorkloadDecision[] {
  return executions
    .flatMap((execution) =>
      execution.pipeline.stages.flatMap((stage, index) =>
        stage.actions.flatMap((action, position) => {
          const state = execution.stages[index]?.actions[position];
          if (action.work.kind !== "deploy" || action.work.name !== workload || state === undefined) return [];
          return [
            {
              pipeline: execution.pipeline.name,
              number: execution.number,
              environment: action.work.environment,
              commit: execution.trigger.commit,
              at: state.endedAt ?? state.startedAt ?? execution.updatedAt,
              ...decide(execution, state),
            },
          ];
        }),
      ),
    )
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

function decide(execution: ExecutionState, action: ActionState): Pick<WorkloadDecision, "decision" | "reason"> {
  if (action.status === "succeeded")
    return { decision: action.output?.unchanged === true ? "unchanged" : "deployed", reason: action.output?.summary ?? "" };
  if (action.status === "failed") return { decision: "failed", reason: action.failure?.reason ?? "" };
  if (execution.status === "in-progress") return { decision: "waiting", reason: `execution ${execution.number} has not come to it` };
  return { decision: "not-reached", reason: `execution ${execution.number} was ${execution.status} before it` };
}
