import type { Application, Environment, Workload } from "../../model/application.ts";
import type { DeploymentFailure, Release } from "../../model/deployment.ts";
import type { JobRun } from "../../targets/docker/protocol.ts";
import type { EnvironmentDocument } from "../../targets/docker/stack-document.ts";
import type { EnvironmentKey, WorkloadKey } from "../object-names.ts";
import type { Version } from "./journal-event.ts";

/** A deployment that has not ended. */
export interface DeploymentUnderWay {
  readonly version: Version;
  readonly release: Release;
  readonly noRollback: boolean;
}

/** A workload in an environment. */
export interface WorkloadState {
  /** What runs: the last version that was accepted. Unset until a first deployment succeeded. */
  readonly current?: Version;
  readonly next?: DeploymentUnderWay;
  /** Who paused it and when (ISO 8601); set while no task of the current version shall run. */
  readonly paused?: { readonly user: string; readonly at: string };
  /** The specification of a failed version that was left as it is. */
  readonly leftSpecification?: string;
  readonly lastFailure?: DeploymentFailure;
  readonly lastRevision: number;
  /** Oldest first, at most {@link keptReleases}. */
  readonly releases: readonly Release[];
  /** Earlier versions that succeeded, oldest first, at most {@link keptVersions}. */
  readonly earlier: readonly Version[];
  /** Oldest first, at most {@link keptRuns}. */
  readonly runs: readonly JobRun[];
  readonly isRemoving: boolean;
}

/** An environment with what is deployed in it. */
export interface EnvironmentState {
  readonly environment: Environment;
  readonly document?: EnvironmentDocument;
  readonly workloads: Readonly<Record<string, WorkloadState>>;
  readonly isRemoving: boolean;
}

/** An application with its records. */
export interface ApplicationState {
  readonly application: Application;
  readonly environments: Readonly<Record<string, EnvironmentState>>;
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly isRemoving: boolean;
}

/** All that a control plane keeps, but for secrets and files. */
export interface State {
  readonly format: "copilot-state/1";
  readonly applications: Readonly<Record<string, ApplicationState>>;
}

/** How many releases of a workload are remembered. */
export const keptReleases = 50;
/** How many earlier versions of a workload can be gone back to. */
export const keptVersions = 10;
/** How many runs of a job are remembered. */
export const keptRuns = 50;

/** What a control plane starts with. */
export const emptyState: State = { format: "copilot-state/1", applications: {} };

/** Whether a snapshot is one that this program wrote. */
export function isState(value: unknown): value is State {
  return typeof value === "object" && value !== null && "format" in value && value.format === emptyState.format;
}

/** The environment, when there is one. */
export const findEnvironment = (state: State, key: EnvironmentKey): EnvironmentState | undefined =>
  state.applications[key.application]?.environments[key.environment];

/** The workload in the environment, when it was ever deployed there. */
export const findWorkload = (state: State, key: WorkloadKey): WorkloadState | undefined =>
  findEnvironment(state, key)?.workloads[key.workload];

/** Every workload in every environment. */
export function allWorkloads(state: State): readonly { readonly key: WorkloadKey; readonly workload: WorkloadState }[] {
  return Object.entries(state.applications).flatMap(([application, { environments }]) =>
    Object.entries(environments).flatMap(([environment, { workloads }]) =>
      Object.entries(workloads).map(([workload, value]) => ({ key: { application, environment, workload }, workload: value })),
    ),
  );
}
