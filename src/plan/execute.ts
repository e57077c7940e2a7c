import type { Plan, Step } from "./plan.ts";

/** What happens to a step while its plan is carried out. */
export type StepEvent<O> =
  | { readonly type: "started" | "succeeded" | "skipped"; readonly step: Step<O> }
  | { readonly type: "progressed"; readonly step: Step<O>; readonly detail: string }
  | { readonly type: "failed"; readonly step: Step<O>; readonly error: unknown };

/** How the steps of a plan are done and who hears of it. */
export interface ExecuteOptions<O> {
  /** Does one step; the only place where anything outside the process changes. */
  readonly perform: (step: Step<O>, progress: (detail: string) => void, signal: AbortSignal) => Promise<void>;
  readonly emit: (event: StepEvent<O>) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs each step once everything that it comes after has succeeded, independent steps at once. Decides nothing: the plan has.
 * Rejects with the signal's reason when aborted, with the one error or an AggregateError when steps failed; steps behind a failed one are skipped.
 */
export async function execute<O>(plan: Plan<O>, options: ExecuteOptions<O>): Promise<void> {
  const { perform, emit, signal } = options;
  const finished = new Map<string, Promise<boolean>>();
  const errors: unknown[] = [];

  async function runStep(step: Step<O>): Promise<boolean> {
    const before = await Promise.all(
      step.after.map(
        (id) => finished.get(id) ?? Promise.reject(new Error(`Step ${step.id} comes after ${id}, which the plan does not have before it.`)),
      ),
    );
    if (signal.aborted || before.includes(false)) {
      emit({ type: "skipped", step });
      return false;
    }
    emit({ type: "started", step });
    try {
      await perform(step, (detail) => emit({ type: "progressed", step, detail }), signal);
    } catch (error) {
      errors.push(error);
      emit({ type: "failed", step, error });
      return false;
    }
    emit({ type: "succeeded", step });
    return true;
  }

  for (const step of plan.steps) finished.set(step.id, runStep(step));
  await Promise.all(finished.values());
  signal.throwIfAborted();
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, "Several steps failed.");
}
