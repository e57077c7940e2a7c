import type { Diagnostic } from "../model/diagnostic.ts";
import type { DeploymentFailure, Notice, Release, StepProgress } from "../model/deployment.ts";
import type { TargetName, WorkloadType } from "../model/names.ts";
import type { Application } from "../model/application.ts";
import type { Difference } from "../operations/compare-documents.ts";
import type { FollowedOutcome } from "../operations/follow.ts";
import type { ResolvedManifest } from "../operations/validate.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { ExecutionState } from "../pipelines/execution/state.ts";
import type { ExecutionLogLine, PipelineRegistered, WorkloadDecision } from "../pipelines/pipeline-api.ts";

/** A list as the original's JSON has it: `null` when it is empty. */
type OrNull<T> = readonly T[] | null;

/** What goes on, a line each, before the last line says how it ended. */
type Progress = StepProgress | Notice;

/** An environment. */
export interface EnvironmentJson {
  readonly app: string;
  readonly name: string;
  /** Empty where the target has none. */
  readonly region: string;
  /** Empty where the target has none. */
  readonly accountID: string;
  readonly target: TargetName;
  /** On AWS, as are the roles. */
  readonly registryURL?: string;
  readonly executionRoleARN?: string;
  readonly managerRoleARN?: string;
  /** What was asked when the environment was made, before there were manifests. */
  readonly customConfig?: Readonly<Record<string, unknown>>;
  /** As `customConfig`. */
  readonly telemetry?: Readonly<Record<string, unknown>>;
  /** Its own port on 127.0.0.1, on Docker. */
  readonly port?: number;
}

/** A workload in a list. */
export interface WorkloadJson {
  readonly app: string;
  readonly name: string;
  readonly type: WorkloadType;
}

/** An application with what it has. */
export interface ApplicationJson {
  readonly name: string;
  readonly version: string;
  /** Its domain; empty when it has none. */
  readonly uri: string;
  readonly permissionsBoundary: string;
  readonly target: TargetName;
  readonly environments: OrNull<EnvironmentJson>;
  readonly services: OrNull<WorkloadJson>;
  readonly jobs: OrNull<WorkloadJson>;
  readonly pipelines: OrNull<{ readonly name: string }>;
}

/** An environment with what is deployed in it. */
export interface EnvironmentContentsJson {
  readonly environment: EnvironmentJson;
  /** Where it answers. */
  readonly urls: readonly string[];
  readonly services: OrNull<WorkloadJson>;
  readonly jobs: OrNull<WorkloadJson>;
  /** With `--resources`. */
  readonly resources?: readonly { readonly type: string; readonly physicalID: string }[];
  readonly environmentVPC: { readonly id: string; readonly publicSubnetIDs: OrNull<string>; readonly privateSubnetIDs: OrNull<string> };
  /** Of its stack, on AWS. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A workload as it is deployed in the environments of its application. */
export interface WorkloadDescriptionJson {
  readonly type: WorkloadType;
  readonly application: string;
  readonly configurations: OrNull<{
    readonly environment: string;
    /** `-` when it has none. */
    readonly port: string;
    /** In units of 1/1024 processor. */
    readonly cpu: string;
    /** MiB. */
    readonly memory: string;
    readonly platform: string;
    readonly tasks: string;
  }>;
  readonly rollbackAlarms: null;
  readonly routes: OrNull<{ readonly environment: string; readonly url: string }>;
  readonly serviceDiscovery: OrNull<{ readonly environment: readonly string[]; readonly endpoint: string }>;
  readonly serviceConnect: null;
  readonly variables: OrNull<{ readonly environment: string; readonly name: string; readonly value: string; readonly container: string }>;
  /** Secrets by name: their values are shown nowhere. */
  readonly secrets: OrNull<{
    readonly name: string;
    readonly container: string;
    readonly environment: string;
    readonly valueFrom: string;
  }>;
  readonly releases: readonly Release[];
  /** With `--resources`, by environment. */
  readonly resources?: Readonly<
    Record<string, readonly { readonly type: string; readonly physicalID: string; readonly logicalID: string }[]>
  >;
}

/** A task of a service. */
export interface TaskJson {
  readonly health: string;
  readonly id: string;
  readonly images: readonly { readonly ID: string; readonly Digest: string }[];
  readonly lastStatus: string;
  /** ISO 8601. */
  readonly startedAt: string | null;
  /** ISO 8601. */
  readonly stoppedAt: string | null;
  readonly stoppedReason: string;
  readonly capacityProvider: string;
  readonly taskDefinitionARN: string;
}

/** How a service is. */
export interface ServiceStatusJson {
  readonly Service: {
    readonly desiredCount: number;
    readonly runningCount: number;
    /** `PAUSED` from `svc pause` to `svc resume` or the next deployment. */
    readonly status: "ACTIVE" | "PAUSED";
    readonly deployments: readonly {
      readonly id: string;
      readonly desiredCount: number;
      readonly runningCount: number;
      readonly updatedAt: string;
      readonly launchType: string;
      readonly taskDefinition: string;
      readonly status: string;
    }[];
    readonly lastDeploymentAt: string;
    readonly taskDefinition: string;
  };
  readonly tasks: OrNull<TaskJson>;
  readonly alarms: null;
  readonly stoppedTasks: OrNull<TaskJson>;
  readonly targetHealthDescriptions: null;
  /** Why the last deployment that failed did. */
  readonly lastFailure?: DeploymentFailure;
}

/** How a site is. */
export interface SiteStatusJson {
  readonly bucketName: string;
  /** In bytes, such as `512 B`. */
  readonly totalSize: string;
  readonly totalObjects: number;
}

/** A line that a container wrote. */
export interface LogLineJson {
  readonly logStreamName: string;
  /** Milliseconds since 1970. */
  readonly ingestionTime: number;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A pipeline with its stages. */
export interface PipelineJson {
  readonly name: string;
  readonly pipelineName: string;
  readonly region: string;
  readonly accountId: string;
  readonly stages: readonly { readonly name: string; readonly category: string; readonly provider: string; readonly details: string }[];
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** How a pipeline's latest execution is. */
export interface PipelineStatusJson {
  readonly name: string;
  readonly pipelineName: string;
  readonly stageStates: OrNull<{
    readonly stageName: string;
    readonly actions: OrNull<{ readonly name: string; readonly status: string | undefined }>;
    readonly transition: string;
  }>;
  readonly updatedAt: string;
  readonly execution?: ExecutionState;
  /** Approvals that only a person can give. */
  readonly waitsFor?: readonly { readonly stage: string; readonly action: string; readonly environment: string }[];
  readonly sourceProblem?: string;
}

/** The last line of a command that deletes something. */
export interface DeletedJson {
  readonly type: "result";
  readonly deleted: string;
}

/** What became of a file that a command writes. */
export interface WrittenFileJson {
  /** From the root of the workspace. */
  readonly path: string;
  /** `exists` means that it was there and was left alone. */
  readonly outcome: "created" | "exists";
}

interface ExecutionJson {
  readonly execution: ExecutionState;
}

interface DeploymentsJson {
  readonly type: "result";
  readonly deployments: readonly { readonly workload: string; readonly environment: string; readonly outcome: FollowedOutcome }[];
}

/**
 * What each command prints with `--json`, by its words. Commands that take a while print a line for each thing that goes on; a union is
 * the shape of one line. Schemas are generated from this.
 */
export interface JsonOutputs {
  readonly version: { readonly version: string; readonly os: string };
  readonly "app ls": { readonly applications: readonly Application[] };
  readonly "app show": ApplicationJson;
  readonly "app delete": Progress | DeletedJson;
  readonly "env ls": { readonly environments: OrNull<EnvironmentJson> };
  readonly "env show": EnvironmentContentsJson;
  readonly "env deploy": Progress | { readonly type: "result"; readonly environment: string; readonly outcome: FollowedOutcome };
  readonly "env delete": Progress | DeletedJson;
  readonly "svc ls": { readonly services: OrNull<WorkloadJson> };
  readonly "svc show": WorkloadDescriptionJson & { readonly service: string };
  readonly "svc status": ServiceStatusJson | SiteStatusJson;
  readonly "svc logs": LogLineJson;
  readonly "svc releases": { readonly releases: readonly Release[] };
  readonly "svc deploy": Progress | DeploymentsJson;
  readonly "svc rollback":
    | Progress
    | { readonly type: "result"; readonly workload: string; readonly environment: string; readonly outcome: FollowedOutcome };
  readonly "svc pause": Progress | { readonly type: "result"; readonly paused: string; readonly environment: string };
  readonly "svc resume":
    | Progress
    | { readonly type: "result"; readonly workload: string; readonly environment: string; readonly outcome: FollowedOutcome };
  readonly "svc delete": Progress | DeletedJson;
  readonly "job ls": { readonly jobs: OrNull<WorkloadJson> };
  readonly "job show": WorkloadDescriptionJson & { readonly job: string };
  readonly "job logs": LogLineJson;
  readonly "job deploy": Progress | DeploymentsJson;
  readonly "job run":
    | Progress
    | LogLineJson
    | { readonly type: "result"; readonly job: string; readonly environment: string; readonly outcome: FollowedOutcome };
  readonly "job delete": Progress | DeletedJson;
  readonly deploy: Progress | DeploymentsJson;
  readonly validate: {
    readonly accepted: boolean;
    readonly files: readonly string[];
    readonly diagnostics: readonly Diagnostic[];
    readonly resolved?: readonly ResolvedManifest[];
  };
  readonly why: { readonly workload: string; readonly decisions: OrNull<WorkloadDecision> };
  readonly "pipeline init": { readonly name: string; readonly files: readonly WrittenFileJson[] };
  readonly "pipeline ls": {
    readonly pipelines:
      | OrNull<PipelineJson>
      | readonly { readonly name: string; readonly manifestPath: string; readonly pipelineName?: string }[];
  };
  readonly "pipeline show": PipelineJson & { readonly resources: OrNull<{ readonly type: string; readonly name: string }> };
  readonly "pipeline status": PipelineStatusJson;
  readonly "pipeline history": { readonly executions: OrNull<ExecutionState> };
  readonly "pipeline diff": {
    readonly changes: OrNull<{
      readonly stage: string;
      readonly environment: string;
      readonly workload: string;
      /** `null` when nothing changes. */
      readonly difference: Difference | null;
    }>;
  };
  readonly "pipeline logs": ExecutionLogLine;
  readonly "pipeline deploy": PipelineRegistered & { readonly name: string };
  readonly "pipeline package":
    | { readonly pipeline: Pipeline }
    /** Of the pipeline's stack, on AWS: the text that is printed without `--json`. */
    | { readonly template: string }
    | { readonly files: readonly string[] };
  readonly "pipeline run": Progress | ExecutionJson;
  readonly "pipeline approve": ExecutionJson;
  readonly "pipeline reject": ExecutionJson;
  readonly "pipeline retry": Progress | ExecutionJson;
  readonly "pipeline stop": ExecutionJson;
  readonly "pipeline delete": DeletedJson;
}

/** What standard error gets, in one line, when a command that was given `--json` fails. */
export interface JsonError {
  readonly error: {
    /** A word that programs can test for. */
    readonly code: string;
    readonly message: string;
    /** What to do next, usually a command. */
    readonly hint?: string;
    /** The places in files that are to blame. */
    readonly diagnostics?: readonly Diagnostic[];
  };
}
