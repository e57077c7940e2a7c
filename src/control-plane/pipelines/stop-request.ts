import type { ActionFailure } from "../../pipelines/execution/event.ts";

/** Why an action was aborted when a person asked for it. */
export class StopRequest extends Error {
  readonly user: string;

  constructor(user: string) {
    super(`stopped by ${user}`);
    this.user = user;
  }
}

/** What is said of an action that a person stopped. */
export const stoppedBy = (user: string): ActionFailure => ({ kind: "stopped", reason: `stopped by ${user}` });

/** Why work is given up when the control plane ends: its next start takes the work up again. */
export class ControlPlaneEnds extends Error {
  constructor() {
    super("the control plane ends");
  }
}
