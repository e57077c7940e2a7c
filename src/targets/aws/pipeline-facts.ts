import type { ArtifactBucket } from "./environment-facts.ts";

/** An environment that a pipeline deploys to. */
export interface PipelineEnvironment {
  readonly account: string;
  readonly region: string;
  /** By which CloudFormation makes the environment's stacks. */
  readonly executionRoleArn: string;
  /** Which the pipeline takes on to deploy. */
  readonly managerRoleArn: string;
}

/** What a pipeline's stack depends on besides its manifest: looked up before a template is made. */
export interface PipelineFacts {
  readonly application: string;
  /** Name of the IAM policy that bounds every role. */
  readonly permissionsBoundary?: string;
  /** Version of this program as stacks record it, e.g. `v2.0.0`. */
  readonly version: string;
  /** Deployed before pipelines had the application in their stack's name: it keeps its names. */
  readonly isLegacy: boolean;
  /** Folder of the manifest, relative to the workspace root with forward slashes; empty for the root itself. */
  readonly folder: string;
  /** Every workload of the workspace: what a stage without deployments deploys. */
  readonly workloads: readonly string[];
  /** The connection that the manifest names; without one the stack makes it. */
  readonly connectionArn?: string;
  /** The buckets of the application, one for each region that it uses. */
  readonly artifactBuckets: readonly ArtifactBucket[];
  readonly environments: Readonly<Record<string, PipelineEnvironment>>;
  /** Tags of the stack besides those of Copilot. */
  readonly tags: Readonly<Record<string, string>>;
}
