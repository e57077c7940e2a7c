/** One line of progress: a step began, moved on or ended. Renderers fold these; engines never write to a terminal. */
export interface StepProgress {
  readonly type: "step";
  readonly id: string;
  /** The step that this one is part of. */
  readonly parent?: string;
  /** What is done, e.g. `Start task 3f2a of api`. */
  readonly title: string;
  /** Why it is done, e.g. `image changed`. */
  readonly because?: string;
  readonly status: "started" | "progressed" | "succeeded" | "failed" | "skipped";
  readonly detail?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Something to tell that is no step: a notice or a warning. */
export interface Notice {
  readonly type: "notice";
  readonly level: "info" | "warning";
  readonly message: string;
}

/** Why a deployment did not become healthy. */
export interface DeploymentFailure {
  /** What went wrong, e.g. `container api exited with 1`. */
  readonly reason: string;
  readonly container?: string;
  readonly exitCode?: number;
  /** The last lines that the container wrote, secrets masked. */
  readonly lastLines: readonly string[];
}

/** How a deployment ended. Callers must handle each: these are results, not exceptions. */
export type DeploymentOutcome =
  | { readonly kind: "deployed"; readonly revision: number; readonly urls: readonly string[] }
  | { readonly kind: "unchanged"; readonly revision: number; readonly urls: readonly string[] }
  /** The new version failed and is gone. `revision` is what runs on, unset where nothing ran before. */
  | { readonly kind: "rolled-back"; readonly revision?: number; readonly failure: DeploymentFailure }
  /** The new version failed and was left as it is, because that was asked for. */
  | { readonly kind: "failed"; readonly failure: DeploymentFailure }
  /** Undone because that was asked for. `revision` is what runs now, if anything. */
  | { readonly kind: "cancelled"; readonly revision?: number };

/** What a deployment tells while it runs; the last event is the outcome. */
export type DeploymentEvent = StepProgress | Notice | { readonly type: "outcome"; readonly outcome: DeploymentOutcome };

/** Who deployed what and when: kept for every applied document. */
export interface Release {
  readonly revision: number;
  readonly environment: string;
  readonly workload: string;
  /** Of the document with its images; equal fingerprints mean nothing to deploy. */
  readonly fingerprint: string;
  readonly commit?: string;
  readonly user: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly status: "in-progress" | "deployed" | "rolled-back" | "failed" | "cancelled" | "superseded";
}
