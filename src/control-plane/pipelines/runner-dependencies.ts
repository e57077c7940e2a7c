import type { ActionKey } from "../../pipelines/execution/event.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import type { ExecutionStore } from "./execution-store.ts";
import type { Performer } from "./performer.ts";

/** What the runner works with. */
export interface RunnerDependencies {
  readonly store: ExecutionStore;
  readonly performer: Performer;
  readonly now: () => Date;
  /** How many actions may run at once on this engine; approvals do not count. */
  readonly concurrency: number;
  /** Told after every event and line. */
  readonly onUpdate: (update: ExecutionUpdate) => void;
  /** Told of a defect or of a disk that takes nothing. */
  readonly onProblem: (problem: string) => void;
}

/** Something new of an execution. */
export type ExecutionUpdate =
  | { readonly type: "state"; readonly state: ExecutionState }
  | ({ readonly type: "line"; readonly execution: string; readonly at: string; readonly text: string } & ActionKey);
