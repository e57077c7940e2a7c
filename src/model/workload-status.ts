import type { Workload } from "./application.ts";
import type { DeploymentFailure, Release } from "./deployment.ts";

/** One task of a service or job. */
export interface TaskStatus {
  readonly id: string;
  readonly revision: number;
  readonly state: "starting" | "running" | "draining" | "stopped";
  readonly health: "healthy" | "unhealthy" | "starting" | "none";
  readonly startedAt?: string;
  readonly stoppedAt?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly {
    readonly name: string;
    readonly containerId: string;
    readonly image: string;
    readonly imageId: string;
    readonly state: string;
    readonly health?: string;
    readonly exitCode?: number;
  }[];
}

/** How a workload is. */
export interface WorkloadStatus {
  readonly workload: Workload;
  readonly environment: string;
  readonly desiredCount: number;
  /** When it was paused (ISO 8601); set while none of its tasks shall run. */
  readonly pausedSince?: string;
  readonly runningCount: number;
  readonly deployment: Release;
  readonly tasks: readonly TaskStatus[];
  readonly stoppedTasks: readonly TaskStatus[];
  readonly lastFailure?: DeploymentFailure;
  readonly site?: { readonly objects: number; readonly bytes: number };
  readonly nextRunAt?: string;
}

/** One run of a job, with its tries. */
export interface JobRun {
  readonly id: string;
  readonly trigger: "schedule" | "manual";
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly status: "running" | "succeeded" | "failed" | "timed-out" | "stopped";
  readonly tries: number;
  readonly exitCode?: number;
  readonly taskIds: readonly string[];
}

/** One line that a container wrote. */
export interface LogLine {
  readonly at: string;
  readonly workload: string;
  readonly task: string;
  readonly container: string;
  readonly stream: "stdout" | "stderr";
  readonly message: string;
}

/** What a container's variable or secret is, as `show` lists it. Secrets are named, never shown. */
export interface ContainerVariable {
  readonly container: string;
  readonly name: string;
  /** The value, or the name of the secret it comes from. */
  readonly value: string;
}

/** A workload as it is deployed in one environment: what `show` prints. */
export interface WorkloadDescription {
  readonly workload: Workload;
  readonly environment: string;
  /** Unset on AWS, which keeps no releases. */
  readonly release?: Release;
  /** Where it answers over HTTP. */
  readonly urls: readonly string[];
  /** Where other workloads find it, e.g. `api.test.shop.local:8080`. */
  readonly endpoints: readonly string[];
  /** The manifest as it was deployed. */
  readonly manifest: string;
  /** Unset for a site. `cpu` in units of 1/1024 processor, `memory` in MiB. */
  readonly task?: {
    readonly port?: number;
    readonly cpu: number;
    readonly memory: number;
    readonly platform: string;
    readonly count: number;
  };
  readonly variables: readonly ContainerVariable[];
  readonly secrets: readonly ContainerVariable[];
  /** What exists for it on the target. */
  readonly resources: readonly { readonly type: string; readonly physicalId: string; readonly logicalId: string }[];
}
