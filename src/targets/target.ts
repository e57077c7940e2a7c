import type { AddonFile } from "../addons/load-addons.ts";
import type { Application, Environment, Workload } from "../model/application.ts";
import type { DeploymentEvent, Release } from "../model/deployment.ts";
import type { TargetName } from "../model/names.ts";
import type { PipelineManifest } from "../model/pipeline.ts";
import type { PipelineClient } from "../pipelines/pipeline-api.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import type { JobRun, LogLine, WorkloadDescription, WorkloadStatus } from "../model/workload-status.ts";

/** A file that `package` prints or writes, e.g. the stack document or a parameters file. */
export interface PackageFile {
  /** What the original CLI calls it in an output folder, e.g. `api-test.stack.yml`. */
  readonly name: string;
  readonly content: string;
}

/** A workload compiled for an environment: what is printed, compared and deployed. */
export interface WorkloadPackage {
  /** The main file first. */
  readonly files: readonly [PackageFile, ...PackageFile[]];
  /** What the manifest asks for and this target does not have. */
  readonly notices: readonly string[];
}

/** Reference of each container's image, by container name, once built or resolved. */
export type ImageReferences = Readonly<Record<string, string>>;

/** What a workload brings along besides its spec: read from the workspace by whoever packages or deploys. */
export interface WorkloadAssets {
  readonly images: ImageReferences;
  /** Text of each env file, by its path from the workspace root. */
  readonly envFiles: Readonly<Record<string, string>>;
  readonly site?: SiteAssets;
}

/** A site's files. */
export interface SiteAssets {
  /** Of all as one tar archive. A target takes the archive only when it lacks that SHA-256. */
  readonly sha256: string;
  readonly files: number;
  readonly archive: () => AsyncIterable<Uint8Array>;
  /** One by one, by key. */
  readonly entries: readonly SiteEntry[];
}

/** A file of a site. */
export interface SiteEntry {
  /** The path that it is served at, without a slash in front unless the manifest asks for one. */
  readonly key: string;
  readonly read: () => Promise<Uint8Array>;
}

/** How a person changes a template after it is made: by patches, or by a CDK project of their own. */
export type Overrides =
  | { readonly kind: "none" }
  /** `file` is the path that complaints show. */
  | { readonly kind: "patches"; readonly file: string; readonly text: string }
  /** Absolute path of the project. */
  | { readonly kind: "cdk"; readonly directory: string };

/** What stands beside a manifest and goes into its template. Only a target whose documents are templates takes it. */
export interface TemplateExtensions {
  /** Absolute path of the workspace: what addons name is relative to it. */
  readonly root: string;
  /** The files of the `addons` folder. */
  readonly addons: readonly AddonFile[];
  readonly overrides: Overrides;
}

/** How something is packaged. */
export interface PackageOptions {
  readonly extensions?: TemplateExtensions;
  /**
   * What a template says of files that a deployment uploads: nothing, where they will lie, or where they were put just now. Nothing is what
   * `package` prints without `--upload-assets`; where they will lie is what a comparison needs.
   */
  readonly files?: "left-out" | "named" | "uploaded";
  /** What is deployed may have been made by a newer program. */
  readonly allowDowngrade?: boolean;
  /** The deployment of an environment shall update it even when nothing changes. */
  readonly force?: boolean;
}

/** A release pipeline to package, and where it stands in the workspace. */
export interface PipelineSource {
  readonly application: string;
  readonly manifest: PipelineManifest;
  /** Folder of the manifest from the workspace root. */
  readonly folder: string;
  /** Names of the workspace's workloads: what a stage without deployments deploys. */
  readonly workloads: readonly string[];
  readonly extensions: TemplateExtensions;
}

/** Which lines of a log are wanted. */
export interface LogQuery {
  readonly follow: boolean;
  /** ISO 8601. */
  readonly since?: string;
  /** ISO 8601. */
  readonly until?: string;
  /** The newest so many lines; unset means all. */
  readonly limit?: number;
  /** Beginnings of task ids; empty means all. */
  readonly tasks: readonly string[];
  readonly container?: string;
  /** Only the task that stopped last. */
  readonly previous: boolean;
}

/** A program to run on this machine, attached to the terminal. */
export interface AttachedCommand {
  readonly file: string;
  readonly arguments: readonly string[];
}

/** The network of an environment on AWS, by IDs. */
export interface EnvironmentNetwork {
  readonly vpc: string;
  readonly publicSubnets: readonly string[];
  readonly privateSubnets: readonly string[];
}

/** How an environment is, and where it answers. */
export interface EnvironmentState {
  readonly environment: Environment;
  readonly urls: readonly string[];
  /** AWS only. */
  readonly tags?: Readonly<Record<string, string>>;
  /** AWS only. */
  readonly network?: EnvironmentNetwork;
  /** The manifest as it was deployed; unset before the first deployment. */
  readonly manifest?: string;
}

/** A release pipeline that the target's own service runs. */
export interface TargetPipeline {
  /** As its manifest calls it. */
  readonly name: string;
  /** As the service calls it. */
  readonly resourceName: string;
  readonly region: string;
  readonly account: string;
  readonly stages: readonly { readonly name: string; readonly category: string; readonly provider: string; readonly details: string }[];
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** What every deployment says of itself. */
export interface DeployOptions {
  readonly user: string;
  readonly commit?: string;
  readonly force?: boolean;
  readonly noRollback?: boolean;
  readonly detach?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The records of applications, environments and workloads. */
export interface Records {
  applications(): Promise<readonly Application[]>;
  application(name: string): Promise<Application | undefined>;
  putApplication(application: Application): Promise<void>;
  environments(application: string): Promise<readonly Environment[]>;
  putEnvironment(environment: Environment): Promise<Environment>;
  workloads(application: string): Promise<readonly Workload[]>;
  putWorkload(workload: Workload): Promise<void>;
  deleteWorkload(application: string, name: string): Promise<void>;
}

/** An open connection to where environments run. Everything that changes something is a stream of events which ends with an outcome. */
export interface TargetSession {
  readonly target: TargetName;
  /** Where the records are; unset where there is one place only. */
  readonly region?: string;
  readonly records: Records;
  /** Release pipelines; unset where a target does not run them itself. */
  readonly pipelines?: PipelineClient;
  /** Release pipelines that a service of the target runs; unset where there is none. */
  targetPipelines?(application: string): Promise<readonly TargetPipeline[]>;
  /** Of the documents that an application itself has on the target, e.g. `v1.2.0`; unset where it has none. */
  applicationVersion?(application: string): Promise<string | undefined>;
  /** What exists for one of {@link targetPipelines}. */
  targetPipelineResources?(application: string, pipeline: TargetPipeline): Promise<WorkloadDescription["resources"]>;
  /** Lets go of the connection. */
  close(): void;
  /** Compiles without changing anything. */
  packageWorkload(spec: WorkloadSpec, assets: WorkloadAssets, options?: PackageOptions): Promise<WorkloadPackage>;
  /** Brings what a package refers to, besides images, to where a later deployment finds it; unset where there is nothing of that kind. */
  uploadAssets?(assets: WorkloadAssets): Promise<void>;
  /** The files of what is deployed; `undefined` when nothing is. */
  deployedPackage(environment: Environment, workload: string): Promise<WorkloadPackage | undefined>;
  /** Throws a `Problem` where nothing can be deployed or deleted; unset where it can. `what` is to be done, e.g. `deploy api`. Asked before work and questions. */
  readonly refuseChange?: (what: string) => void;
  deployWorkload(spec: WorkloadSpec, assets: WorkloadAssets, options: DeployOptions): AsyncIterable<DeploymentEvent>;
  deleteWorkload(environment: Environment, workload: string, signal: AbortSignal): AsyncIterable<DeploymentEvent>;
  packageEnvironment(environment: Environment, manifest: string, options?: PackageOptions): Promise<WorkloadPackage>;
  /** The files of the environment as it is deployed; unset where its manifest tells everything. */
  deployedEnvironment?(environment: Environment): Promise<WorkloadPackage | undefined>;
  /** The manifest that a workload was deployed with, where that is cheaper than describing all; `undefined` when it is not deployed. */
  deployedManifest?(environment: Environment, workload: string): Promise<string | undefined>;
  /** The template of a release pipeline; unset where a pipeline is no template. */
  packagePipeline?(source: PipelineSource): Promise<WorkloadPackage>;
  deployEnvironment(environment: Environment, manifest: string, options: DeployOptions): AsyncIterable<DeploymentEvent>;
  deleteEnvironment(environment: Environment, signal: AbortSignal): AsyncIterable<DeploymentEvent>;
  deleteApplication(application: string, signal: AbortSignal): AsyncIterable<DeploymentEvent>;
  /** Newest first. */
  releases(environment: Environment, workload: string): Promise<readonly Release[]>;
  /** Applies the document of an earlier release again. */
  rollBack(environment: Environment, workload: string, revision: number, options: DeployOptions): AsyncIterable<DeploymentEvent>;
  /** Ends the tasks of a service until it is resumed or deployed anew; unset where a target cannot. */
  pauseService?(environment: Environment, service: string, options: DeployOptions): AsyncIterable<DeploymentEvent>;
  /** Lets a paused service run again. */
  resumeService?(environment: Environment, service: string, options: DeployOptions): AsyncIterable<DeploymentEvent>;
  environmentState(environment: Environment): Promise<EnvironmentState>;
  /** Which workloads are deployed in the environment, where that is cheaper than describing all. */
  listDeployed?(environment: Environment): Promise<readonly Workload[]>;
  /** One workload, where that is cheaper than describing all; `undefined` when it is not deployed there. */
  describeDeployed?(environment: Environment, workload: string): Promise<WorkloadDescription | undefined>;
  /** What exists for the environment itself, where that is not what exists for its workloads. */
  environmentResources?(environment: Environment): Promise<WorkloadDescription["resources"]>;
  /** What is deployed in the environment, by name. */
  deployedWorkloads(environment: Environment): Promise<readonly WorkloadDescription[]>;
  /** `undefined` when the workload is not deployed there. */
  workloadStatus(environment: Environment, workload: string): Promise<WorkloadStatus | undefined>;
  logs(environment: Environment, workload: string, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Runs a command in a container of a running task, by the container's id as the status gives it. */
  attachedCommand(containerId: string, command: readonly string[], interactive: boolean): AttachedCommand;
  /** Starts one run of a job now; the stream ends with the run. */
  runJob(
    environment: Environment,
    job: string,
    options: { readonly detach: boolean; readonly signal: AbortSignal },
  ): AsyncIterable<DeploymentEvent>;
  /** Newest first. */
  jobRuns(environment: Environment, job: string): Promise<readonly JobRun[]>;
  secretNames(environment: Environment): Promise<readonly string[]>;
  /** `exists` means that the name is taken and nothing was written. */
  putSecret(
    environment: Environment,
    secret: { readonly name: string; readonly value: string; readonly overwrite: boolean },
  ): Promise<"created" | "overwritten" | "exists">;
}
