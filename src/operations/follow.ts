import type { DeploymentEvent, DeploymentOutcome, Notice, StepProgress } from "../model/deployment.ts";
import { Problem } from "../model/problem.ts";

/** Under which step a stream of events is told. */
export interface FollowedStep {
  readonly id: string;
  readonly title: string;
}

/** What follows a stream. */
export interface Follower {
  readonly now: () => Date;
  readonly tell: (event: StepProgress | Notice) => void;
  /** Whether the events may end before the work does. */
  readonly detached?: boolean;
}

/** How followed work ended, or that it goes on without us because that was asked for. */
export type FollowedOutcome = DeploymentOutcome | { readonly kind: "detached" };

/** Tells a stream's events as parts of one step and returns how it ended. */
export async function follow(step: FollowedStep, events: AsyncIterable<DeploymentEvent>, follower: Follower): Promise<FollowedOutcome> {
  const { now, tell, detached } = follower;
  const at = (): string => now().toISOString();
  tell({ type: "step", ...step, status: "started", at: at() });
  try {
    for await (const event of events) {
      if (event.type === "notice") tell(event);
      else if (event.type === "step") tell(within(step, event));
      else {
        tell({ type: "step", ...step, ...toEnd(event.outcome), at: at() });
        return event.outcome;
      }
    }
    if (detached !== true) throw new Error(`${step.title}: the events ended without an outcome.`);
    tell({ type: "step", ...step, status: "skipped", detail: "goes on in the background", at: at() });
    return { kind: "detached" };
  } catch (error) {
    tell({ type: "step", ...step, status: "failed", detail: error instanceof Error ? error.message : String(error), at: at() });
    throw error;
  }
}

/** Steps of several streams are told at once, so each gets its stream's id in front of its own. */
const within = (step: FollowedStep, event: StepProgress): StepProgress => ({
  ...event,
  id: `${step.id}/${event.id}`,
  parent: event.parent === undefined ? step.id : `${step.id}/${event.parent}`,
});

function toEnd(outcome: DeploymentOutcome): Pick<StepProgress, "status" | "detail"> {
  switch (outcome.kind) {
    case "deployed":
      return { status: "succeeded" };
    case "unchanged":
      return { status: "skipped", detail: "nothing changed" };
    case "rolled-back":
      return { status: "failed", detail: `rolled back, ${outcome.failure.reason}` };
    case "failed":
      return { status: "failed", detail: outcome.failure.reason };
    case "cancelled":
      return { status: "failed", detail: "cancelled" };
  }
}

/** Follows work that either succeeds or is a Problem, such as a deletion. */
export async function finish(step: FollowedStep, events: AsyncIterable<DeploymentEvent>, follower: Follower): Promise<void> {
  const outcome = await follow(step, events, follower);
  if (outcome.kind === "deployed" || outcome.kind === "unchanged" || outcome.kind === "detached") return;
  const why = outcome.kind === "cancelled" ? "it was cancelled" : [outcome.failure.reason, ...outcome.failure.lastLines].join("\n  ");
  throw new Problem(outcome.kind === "cancelled" ? "cancelled" : "work-failed", `${step.title}: ${why}`);
}
