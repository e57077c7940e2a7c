import type { Application, Environment, Workload } from "../model/application.ts";
import type { DeploymentEvent, Release } from "../model/deployment.ts";
import type { TargetName } from "../model/names.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";

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
  readonly records: Records;
  /** Compiles without changing anything. */
  packageWorkload(spec: WorkloadSpec, images: ImageReferences): Promise<WorkloadPackage>;
  /** The files of what is deployed; `undefined` when nothing is. */
  deployedPackage(environment: Environment, workload: string): Promise<WorkloadPackage | undefined>;
  deployWorkload(spec: WorkloadSpec, images: ImageReferences, options: DeployOptions): AsyncIterable<DeploymentEvent>;
  deleteWorkload(environment: Environment, workload: string, signal: AbortSignal): AsyncIterable<DeploymentEvent>;
  packageEnvironment(environment: Environment, manifest: string): Promise<WorkloadPackage>;
  deployEnvironment(environment: Environment, manifest: string, options: DeployOptions): AsyncIterable<DeploymentEvent>;
  deleteEnvironment(environment: Environment, signal: AbortSignal): AsyncIterable<DeploymentEvent>;
  deleteApplication(application: string, signal: AbortSignal): AsyncIterable<DeploymentEvent>;
  releases(environment: Environment, workload: string): Promise<readonly Release[]>;
}
