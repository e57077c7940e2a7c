/** One thing to do, why, and what must be done before it. `O` is the target's own union of operations. */
export interface Step<O> {
  readonly id: string;
  readonly operation: O;
  /** Why this step is needed, e.g. `image changed`. */
  readonly because: string;
  /** Ids of the steps which must have succeeded first; each stands earlier in the plan. */
  readonly after: readonly string[];
}

/** What will be done: steps in an order that respects `after`. A plan is data: it is printed, stored and compared. */
export interface Plan<O> {
  readonly steps: readonly Step<O>[];
}

/** Whether there is nothing to do. */
export const isNoop = (plan: Plan<unknown>): boolean => plan.steps.length === 0;

/** A line for each step, as `--dry-run` and golden tests print it. */
export function formatPlan<O>(plan: Plan<O>, describe: (operation: O) => string): string {
  return plan.steps
    .map(
      (step) =>
        `${step.id}: ${describe(step.operation)} (${step.because})${step.after.length > 0 ? ` after ${step.after.join(", ")}` : ""}`,
    )
    .join("\n");
}
