import type { Application, Environment, Workload } from "../../model/application.ts";
import type { DeploymentEvent, Release } from "../../model/deployment.ts";
import type { EnvironmentDocument, StackDocument } from "./stack-document.ts";

export type { JobRun, LogLine, TaskStatus, WorkloadStatus } from "../../model/workload-status.ts";

/**
 * The control plane's API: JSON over HTTP on loopback, every call with `authorization: Bearer <token>`.
 * Streams are NDJSON, one event a line; a client that goes away ends only the stream, never the work.
 *
 * | call | answer |
 * |---|---|
 * | GET /v1/info | Info |
 * | GET /v1/applications, GET, PUT, DELETE /v1/applications/:app | Application[], Application; DELETE is a stream of WorkEvent |
 * | GET …/environments, GET, PUT, DELETE …/environments/:env | Environment[], EnvironmentDescription; PUT assigns the port; DELETE is a stream of WorkEvent |
 * | POST …/environments/:env/deployments | body EnvironmentDeploymentRequest; a stream of WorkEvent |
 * | GET …/workloads, PUT, DELETE …/workloads/:name | Workload[]; the application's record of a workload |
 * | GET …/environments/:env/workloads | DeployedWorkload[] |
 * | GET, DELETE …/environments/:env/workloads/:name | DeployedWorkload with its document; DELETE is a stream of WorkEvent |
 * | POST …/workloads/:name/deployments | body DeploymentRequest; a stream of WorkEvent |
 * | DELETE …/workloads/:name/deployments/current | cancels; the stream of the deployment ends with `cancelled` |
 * | POST …/workloads/:name/pause, …/resume | body { user }; a stream of WorkEvent |
 * | GET …/workloads/:name/releases, GET …/releases/:revision | Release[], newest first; the StackDocument of one |
 * | GET …/workloads/:name/status | WorkloadStatus |
 * | GET …/workloads/:name/logs?follow&since&until&limit&tasks&container&previous | a stream of LogLine |
 * | POST …/workloads/:name/runs, GET …/runs | starts a job's run: a stream of WorkEvent; JobRun[] |
 * | GET …/environments/:env/secrets, PUT, DELETE …/secrets/:name | names only; PUT body { value, overwrite }, answers SecretWritten |
 * | PUT /v1/artifacts/:sha256, HEAD | a tar archive of a site's files |
 * | POST /v1/images/present | body string[]; which of these references the engine has |
 */
export const protocolVersion = 1;

/** What the control plane says of itself. */
export interface Info {
  readonly protocol: number;
  /** Hash of the program; a client with another one replaces the control plane. */
  readonly build: string;
  readonly instance: string;
  readonly engine: { readonly id: string; readonly version: string; readonly name: string };
}

/** Anything that a piece of work tells while it goes on. The last event is an outcome or an error. */
export type WorkEvent = DeploymentEvent | { readonly type: "error"; readonly error: ErrorBody };

/** The body of every answer that is not 2xx. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** An environment with where it answers. */
export interface EnvironmentDescription extends Environment {
  readonly document?: EnvironmentDocument;
  readonly urls: readonly string[];
}

/** Body of a deployment. */
export interface DeploymentRequest {
  readonly document: StackDocument;
  readonly user: string;
  readonly commit?: string;
  /** Starts new tasks although nothing changed. */
  readonly force?: boolean;
  /** Leaves a failed deployment as it is. */
  readonly noRollback?: boolean;
}

/** Body of an environment's deployment. */
export interface EnvironmentDeploymentRequest {
  readonly document: EnvironmentDocument;
  readonly user: string;
  readonly force?: boolean;
}

/** A workload as it is deployed in an environment. */
export interface DeployedWorkload extends Workload {
  readonly environment: string;
  readonly release: Release;
  readonly document: StackDocument;
  readonly urls: readonly string[];
}

/** What became of a secret that was put; `exists` means that the name is taken and nothing was written. */
export interface SecretWritten {
  readonly result: "created" | "overwritten" | "exists";
}

/** The records that an application keeps, for `app show`. */
export interface ApplicationDescription extends Application {
  readonly environments: readonly Environment[];
  readonly workloads: readonly Workload[];
}
