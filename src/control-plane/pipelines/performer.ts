import type { Action, Stage } from "../../model/pipeline.ts";
import type { ActionFailure, ActionOutput } from "../../pipelines/execution/event.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";

/** One action to do, from its start. */
export interface PerformRequest {
  readonly execution: ExecutionState;
  readonly stage: Stage;
  readonly action: Action;
  /** Folder of the execution's files. */
  readonly folder: string;
  /** Fired by a time-out, a stop, or the end of the control plane. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** How an action ended. */
export type PerformResult =
  | { readonly kind: "succeeded"; readonly output: ActionOutput }
  | { readonly kind: "failed"; readonly failure: ActionFailure };

/** What a roll-back of a stage came to. */
export interface RollbackResult {
  /** Workloads that run their earlier revision again. */
  readonly restored: readonly string[];
  readonly problem?: string;
}

/** Does what executions ask for. Every call may be repeated after a crash, and must then come to the same end. */
export interface Performer {
  perform(request: PerformRequest): Promise<PerformResult>;
  /** Puts what the stage deployed back to what ran before. */
  rollBack(request: Omit<PerformRequest, "action">): Promise<RollbackResult>;
}
