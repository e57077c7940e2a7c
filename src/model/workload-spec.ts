import type { WorkloadType } from "./names.ts";

/** A text given as such, or imported from a CloudFormation export. */
export type ValueOrImport = { readonly kind: "value"; readonly value: string } | { readonly kind: "from-cfn"; readonly exportName: string };

/** Where a secret's value is kept. On Docker each answers with the environment's secret of that name. */
export type SecretSource =
  /** A Systems Manager parameter name, or any ARN. */
  | { readonly kind: "name-or-arn"; readonly value: string }
  /** A Secrets Manager secret by name, with an optional `:json-key:stage:id` ending. */
  | { readonly kind: "secretsmanager"; readonly name: string }
  | { readonly kind: "from-cfn"; readonly exportName: string };

/** How an image is built; paths are relative to the workspace root. */
export interface ImageBuild {
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly cacheFrom: readonly string[];
}

/** An image that is built from the workspace, or one that exists. */
export type ImageSource =
  | { readonly kind: "build"; readonly build: ImageBuild; readonly credentials?: string }
  | { readonly kind: "location"; readonly location: string; readonly credentials?: string };

/** When a container may start, seen from one that it depends on. */
export type DependencyCondition = "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";

/** A command that tells whether a container is well. Times are in seconds. */
export interface ContainerHealthCheck {
  /** `["CMD", …]` or `["CMD-SHELL", command]`. */
  readonly command: readonly string[];
  readonly interval: number;
  readonly retries: number;
  readonly timeout: number;
  readonly startPeriod: number;
}

/** A port that a container listens on. */
export interface PortMapping {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

/** A volume of the task, mounted into a container. */
export interface MountPoint {
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** One container of a task: the main one has the workload's name, the others are sidecars. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: ImageSource;
  readonly essential: boolean;
  /** The manifest says whether the container is essential: AWS templates then say it too. */
  readonly essentialStated?: boolean;
  /** Every port that something reaches, ascending: the container's own, and those that HTTP rules and network listeners aim at. */
  readonly ports: readonly PortMapping[];
  /** The port that the manifest gives the container itself: `image.port`, or `port` of a sidecar. */
  readonly ownPort?: number;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** As the manifest has them; the variables that Copilot injects are added by a target. */
  readonly variables: Readonly<Record<string, ValueOrImport>>;
  readonly secrets: Readonly<Record<string, SecretSource>>;
  /** Path from the workspace root. */
  readonly envFile?: string;
  readonly healthCheck?: ContainerHealthCheck;
  readonly dependsOn: Readonly<Record<string, DependencyCondition>>;
  /** The main container's by volume, a sidecar's as written. */
  readonly mountPoints: readonly MountPoint[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Who owns the files of a volume. */
export type VolumeSpec =
  /** Lives and dies with the task. */
  | { readonly kind: "scratch"; readonly name: string }
  /** The environment's own file system, in a folder of this workload. */
  | { readonly kind: "managed"; readonly name: string; readonly uid?: number; readonly gid?: number }
  /** A file system that exists. */
  | {
      readonly kind: "efs";
      readonly name: string;
      readonly id: ValueOrImport;
      readonly rootDirectory?: string;
      readonly iam?: boolean;
      readonly accessPointId?: string;
    };

/** The operating system and processor of a task. */
export interface PlatformSpec {
  /** As in ECS: `LINUX`, `WINDOWS_SERVER_2019_CORE`, … */
  readonly osFamily: string;
  /** As in ECS: `X86_64` or `ARM64`. */
  readonly architecture: string;
}

/** A FireLens log router beside the main container. */
export interface LogRouterSpec {
  readonly image: string;
  readonly destination: Readonly<Record<string, string>>;
  readonly enableMetadata: boolean;
  readonly secretOptions: Readonly<Record<string, SecretSource>>;
  readonly configFilePath?: string;
  readonly variables: Readonly<Record<string, ValueOrImport>>;
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly envFile?: string;
}

/** An edit of the rendered task definition, e.g. `ContainerDefinitions[0].Ulimits[-].Name`. AWS only. */
export interface TaskDefinitionOverride {
  readonly path: string;
  readonly value: unknown;
}

/** A group of containers which share one network namespace, as on ECS. */
export interface TaskSpec {
  /** The main container first, then the sidecars by name. */
  readonly containers: readonly [ContainerSpec, ...ContainerSpec[]];
  /** CPU units; 1024 are one processor. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Unset means linux on x86_64 and leaves it out of templates. */
  readonly platform?: PlatformSpec;
  /** GiB, 20 to 200. */
  readonly ephemeralStorage?: number;
  readonly readonlyRootFilesystem: boolean;
  /** The manifest says whether it is read-only: AWS templates then say it too. */
  readonly readonlyRootFilesystemStated?: boolean;
  readonly volumes: readonly VolumeSpec[];
  readonly exec: boolean;
  readonly logRetentionDays: number;
  readonly logRouter?: LogRouterSpec;
  readonly taskDefinitionOverrides: readonly TaskDefinitionOverride[];
}

/** Seconds to wait between two scaling actions. */
export interface Cooldown {
  readonly in?: number;
  readonly out?: number;
}

/** A target value that scaling keeps a metric at. */
export interface ScalingMetric {
  /** Percent for cpu and memory, requests per task, seconds for response time. */
  readonly value: number;
  readonly cooldown?: Cooldown;
}

/** How many tasks of a service run. */
export type CountSpec =
  | { readonly kind: "fixed"; readonly tasks: number }
  | { readonly kind: "spot"; readonly tasks: number }
  | {
      readonly kind: "autoscaling";
      readonly min: number;
      readonly max: number;
      readonly spotFrom?: number;
      readonly cooldown?: Cooldown;
      readonly cpu?: ScalingMetric;
      readonly memory?: ScalingMetric;
      readonly requests?: ScalingMetric;
      readonly responseTime?: ScalingMetric;
      /** Seconds. */
      readonly queueDelay?: { readonly acceptableLatency: number; readonly messageProcessingTime: number; readonly cooldown?: Cooldown };
    };

/** Health check of a load balancer's target. What is unset keeps the load balancer's default. Times are in seconds. */
export interface TargetHealthCheck {
  readonly path?: string;
  readonly port?: number;
  readonly successCodes?: string;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
  readonly interval?: number;
  readonly timeout?: number;
}

/** A host name of a service, with the hosted zone that shall get its record. */
export interface HostAlias {
  readonly name: string;
  readonly hostedZone?: string;
}

/** One rule by which requests reach a container. */
export interface HttpRule {
  /** As written, without a leading slash being required; `/` matches everything. */
  readonly path: string;
  readonly aliases: readonly HostAlias[];
  readonly hostedZone?: string;
  readonly targetContainer: string;
  readonly targetPort: number;
  readonly version?: "http1" | "http2" | "grpc";
  readonly healthCheck: TargetHealthCheck;
  readonly stickiness: boolean;
  /** Seconds. */
  readonly deregistrationDelay: number;
  /** CIDR blocks; empty means anyone. */
  readonly allowedSourceIps: readonly string[];
  readonly redirectToHttps: boolean;
  /** The manifest says whether to redirect, which needs HTTPS to be there. */
  readonly redirectToHttpsStated?: boolean;
}

/** Requests over HTTP from outside (a public load balancer) or from inside the network. */
export interface HttpIngress {
  readonly scope: "public" | "internal";
  /** Name or ARN of a load balancer that exists. */
  readonly importedLoadBalancer?: string;
  /** The main rule first, then the additional ones in order. */
  readonly rules: readonly [HttpRule, ...HttpRule[]];
  /** Seconds before a failing health check counts. */
  readonly gracePeriod?: number;
}

/** One listener of a network load balancer. */
export interface NetworkListener {
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "tls";
  readonly targetContainer: string;
  readonly targetPort: number;
  readonly healthCheck: Pick<TargetHealthCheck, "port" | "healthyThreshold" | "unhealthyThreshold" | "interval" | "timeout">;
  readonly sslPolicy?: string;
  readonly stickiness?: boolean;
  /** Seconds. */
  readonly deregistrationDelay: number;
}

/** Connections over TCP, UDP or TLS from outside. */
export interface NetworkIngress {
  readonly listeners: readonly [NetworkListener, ...NetworkListener[]];
  readonly aliases: readonly HostAlias[];
  readonly gracePeriod?: number;
}

/** Where in its network a workload runs. AWS only, but for notices. */
export interface NetworkPlacement {
  readonly placement:
    | { readonly kind: "public" | "private" }
    | { readonly kind: "subnets"; readonly ids: readonly string[] }
    | { readonly kind: "subnet-tags"; readonly tags: Readonly<Record<string, readonly string[]>> };
  readonly securityGroups: readonly ValueOrImport[];
  readonly denyDefaultSecurityGroup: boolean;
}

/** A topic that a workload publishes to. */
export interface TopicSpec {
  readonly name: string;
  readonly fifo?: { readonly contentBasedDeduplication?: boolean };
}

/** A queue's settings; times are in seconds. */
export interface QueueSpec {
  readonly retention?: number;
  readonly delay?: number;
  readonly timeout?: number;
  readonly deadLetterTries?: number;
  readonly fifo?: {
    readonly contentBasedDeduplication?: boolean;
    readonly deduplicationScope?: string;
    readonly throughputLimit?: string;
    readonly highThroughput?: boolean;
  };
}

/** What a Worker Service consumes. */
export interface SubscriptionSpec {
  /** The queue that every topic without its own goes to. */
  readonly queue: QueueSpec;
  readonly topics: readonly {
    readonly service: string;
    readonly name: string;
    readonly filterPolicy?: Readonly<Record<string, unknown>>;
    readonly queue?: QueueSpec;
  }[];
}

/** When a job runs, parsed from every form that manifests know. */
export type Schedule =
  /** Never by itself. */
  | { readonly kind: "none" }
  /** Five fields, minute first. */
  | { readonly kind: "cron"; readonly expression: string }
  | { readonly kind: "rate"; readonly minutes: number }
  /** `rate(…)` or `cron(…)` as EventBridge writes them; `expression` keeps the wrapper. */
  | { readonly kind: "aws"; readonly expression: string };

/** What starts a job and how often it is tried. */
export interface JobSpec {
  readonly schedule: Schedule;
  /** As written in `on.schedule`. */
  readonly scheduleText: string;
  /** Seconds for one try. */
  readonly timeout?: number;
  readonly retries?: number;
}

/** How new tasks take the place of old ones. */
export interface DeploymentSpec {
  /** `default` starts the new before it stops the old; `recreate` stops first. */
  readonly rolling: "default" | "recreate";
  readonly rollbackAlarms:
    | { readonly names: readonly string[] }
    | { readonly cpuUtilization?: number; readonly memoryUtilization?: number; readonly messagesDelayed?: number };
}

/** Files of a Static Site. */
export interface SiteSpec {
  readonly files: readonly {
    readonly source: string;
    readonly destination: string;
    readonly recursive: boolean;
    readonly exclude: readonly string[];
    readonly reinclude: readonly string[];
  }[];
  readonly alias?: string;
  readonly certificate?: string;
}

/** What a Request-Driven Web Service has on App Runner and the other types do not. */
export interface RequestDrivenSpec {
  readonly port: number;
  /** As written in `command`. */
  readonly startCommand?: string;
  readonly alias?: string;
  /** Without any key when the manifest asks for none. */
  readonly healthCheck: TargetHealthCheck;
  readonly private: boolean | { readonly endpoint: string };
  /** Name or `name/revision/id` of an auto scaling configuration. */
  readonly scalingConfiguration?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A workload in one environment, resolved: what a manifest asks for once variables, overrides and defaults are in place.
 * Workload types fill the capabilities that they have; targets read capabilities, and never a manifest.
 */
export interface WorkloadSpec {
  readonly application: string;
  readonly environment: string;
  readonly name: string;
  readonly type: WorkloadType;
  /** The manifest as stored with a deployment: variables filled in, overrides kept. */
  readonly manifest: string;
  /** Everything but a Static Site has one. */
  readonly task?: TaskSpec;
  readonly count?: CountSpec;
  readonly http?: HttpIngress;
  readonly nlb?: NetworkIngress;
  /** The port at which other workloads find this one by name. */
  readonly discoveryPort?: number;
  readonly connect?: { readonly enabled: boolean; readonly alias?: string };
  readonly network: NetworkPlacement;
  readonly publishes: readonly TopicSpec[];
  readonly subscribes?: SubscriptionSpec;
  readonly job?: JobSpec;
  readonly deployment?: DeploymentSpec;
  readonly tracing?: "awsxray";
  readonly site?: SiteSpec;
  readonly requestDriven?: RequestDrivenSpec;
}
