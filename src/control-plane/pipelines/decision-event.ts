import type { ExecutionEvent } from "../../pipelines/execution/event.ts";
import type { Decision } from "../../pipelines/execution/schedule.ts";

/** An event that has not been written yet. */
export type Undated = ExecutionEvent extends infer E ? (E extends ExecutionEvent ? Omit<E, "at"> : never) : never;

/** What a decision is in an execution's journal. */
export function toEvent(decision: Exclude<Decision, { kind: "stop-action" }>): Undated {
  switch (decision.kind) {
    case "enter-stage":
      return { type: "stage-entered", stage: decision.stage };
    case "start-action":
      return { type: "action-started", stage: decision.stage, action: decision.action };
    case "start-rollback":
      return { type: "rollback-started", stage: decision.stage };
    case "end-stage":
      return { type: "stage-ended", stage: decision.stage, status: decision.status };
    case "supersede":
      return { type: "execution-superseded", by: decision.by };
  }
}
