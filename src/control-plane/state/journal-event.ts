import type { Application, Environment, Workload } from "../../model/application.ts";
import type { DeploymentFailure, Release } from "../../model/deployment.ts";
import type { EnvironmentDocument, StackDocument } from "../../targets/docker/stack-document.ts";
import type { JobRun } from "../../targets/docker/protocol.ts";
import type { EnvironmentKey, WorkloadKey } from "../object-names.ts";

/** One applied document with what its images were at the time: applying it again needs nothing else. */
export interface Version {
  readonly revision: number;
  readonly document: StackDocument;
  /** Image id by container name. */
  readonly images: Readonly<Record<string, string>>;
  /** Hash of all that a task is made from: tasks with an equal one need no replacement. */
  readonly specification: string;
  /** Part of the specification since a deployment was forced: later ones keep it, or they would start new tasks again. */
  readonly generation?: string;
}

/** How a deployment may end. */
export type ReleaseEnd = Exclude<Release["status"], "in-progress">;

/** What can happen to what a control plane keeps. Secrets are not among it. */
export type JournalEvent =
  | { readonly type: "application-put"; readonly application: Application }
  | { readonly type: "application-removing"; readonly application: string }
  | { readonly type: "application-removed"; readonly application: string }
  | { readonly type: "workload-put"; readonly workload: Workload }
  | { readonly type: "workload-record-removed"; readonly application: string; readonly workload: string }
  | { readonly type: "environment-put"; readonly environment: Environment }
  | ({ readonly type: "environment-deployed"; readonly document: EnvironmentDocument } & EnvironmentKey)
  | ({ readonly type: "environment-removing" } & EnvironmentKey)
  | ({ readonly type: "environment-removed" } & EnvironmentKey)
  | ({
      readonly type: "deployment-started";
      readonly release: Release;
      readonly version: Version;
      readonly noRollback: boolean;
    } & WorkloadKey)
  | ({
      readonly type: "deployment-ended";
      readonly revision: number;
      readonly status: ReleaseEnd;
      readonly at: string;
      readonly failure?: DeploymentFailure;
    } & WorkloadKey)
  /** Until a deployment succeeds, none of its tasks shall run. */
  | ({ readonly type: "workload-paused"; readonly user: string; readonly at: string } & WorkloadKey)
  | ({ readonly type: "workload-removing" } & WorkloadKey)
  | ({ readonly type: "workload-removed" } & WorkloadKey)
  /** A run began, moved on or ended: the last one of an id holds. */
  | ({ readonly type: "run-recorded"; readonly run: JobRun } & WorkloadKey);

const eventTypes: Readonly<Record<JournalEvent["type"], true>> = {
  "application-put": true,
  "application-removing": true,
  "application-removed": true,
  "workload-put": true,
  "workload-record-removed": true,
  "environment-put": true,
  "environment-deployed": true,
  "environment-removing": true,
  "environment-removed": true,
  "deployment-started": true,
  "deployment-ended": true,
  "workload-paused": true,
  "workload-removing": true,
  "workload-removed": true,
  "run-recorded": true,
};

/** Whether a journal's line is of a kind that this program writes; a newer program may have written others. */
export function isJournalEvent(value: unknown): value is JournalEvent {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && value.type in eventTypes;
}
