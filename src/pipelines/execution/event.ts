import type { Pipeline } from "../../model/pipeline.ts";

/** What made an execution start. */
export interface Trigger {
  readonly kind: "push" | "poll" | "webhook" | "manual" | "deploy";
  readonly user: string;
  readonly branch: string;
  /** The full id of the commit that is released. */
  readonly commit: string;
  /** First line of the commit's message. */
  readonly message?: string;
}

/** Why an action did not succeed. */
export interface ActionFailure {
  readonly kind: "failed" | "timed-out" | "rejected" | "stopped";
  /** What went wrong in a sentence without a final full stop, secrets masked. */
  readonly reason: string;
  readonly exitCode?: number;
  /** The last lines that the action wrote, secrets masked. */
  readonly lastLines?: readonly string[];
  /** What to do next. */
  readonly hint?: string;
}

/** What an action leaves for those behind it and for whoever asks. */
export interface ActionOutput {
  /** One line, e.g. `revision 4 at http://…` or `unchanged since revision 3`. */
  readonly summary: string;
  /** `exported-variables` of a build. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Revision that a deployment made or found. */
  readonly revision?: number;
  /** Revision which ran before, that a rollback goes back to. */
  readonly previousRevision?: number;
  /** Whether a deployment found nothing to change. */
  readonly unchanged?: boolean;
  readonly urls?: readonly string[];
  readonly tests?: { readonly passed: number; readonly failed: number; readonly skipped: number; readonly failures: readonly string[] };
  readonly approval?: { readonly user: string; readonly comment?: string };
  readonly notices?: readonly string[];
}

/** One action of one stage. */
export interface ActionKey {
  readonly stage: string;
  readonly action: string;
}

/** What happened to an execution, in order: its journal. `at` is ISO 8601. */
export type ExecutionEvent = { readonly at: string } & (
  | {
      readonly type: "execution-started";
      readonly id: string;
      readonly number: number;
      readonly pipeline: Pipeline;
      readonly trigger: Trigger;
    }
  | { readonly type: "stage-entered"; readonly stage: string }
  | ({ readonly type: "action-started" } & ActionKey)
  | ({ readonly type: "action-succeeded"; readonly output: ActionOutput } & ActionKey)
  | ({ readonly type: "action-failed"; readonly failure: ActionFailure } & ActionKey)
  | { readonly type: "stage-ended"; readonly stage: string; readonly status: "succeeded" | "failed" | "stopped" }
  | { readonly type: "rollback-started"; readonly stage: string }
  | { readonly type: "rollback-ended"; readonly stage: string; readonly restored: readonly string[]; readonly problem?: string }
  | { readonly type: "stop-requested"; readonly user: string; readonly reason?: string }
  | { readonly type: "retry-requested"; readonly user: string; readonly stage: string; readonly from?: string }
  | { readonly type: "execution-superseded"; readonly by: number }
);
