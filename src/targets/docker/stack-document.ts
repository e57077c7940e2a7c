import type { DependencyCondition } from "../../model/workload-spec.ts";
import type { WorkloadType } from "../../model/names.ts";

/** Health check of a container; times are in seconds. */
export interface HealthCheckDocument {
  readonly command: readonly string[];
  readonly interval: number;
  readonly retries: number;
  readonly timeout: number;
  readonly startPeriod: number;
}

/** One container of the task. Secrets are named, never written. */
export interface ContainerDocument {
  readonly name: string;
  /** A reference that the engine resolves: `copilot/<app>/<workload>:<tag>` for built images. */
  readonly image: string;
  readonly essential: boolean;
  readonly ports: readonly { readonly port: number; readonly protocol: "tcp" | "udp" }[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variable → name of the environment's secret. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly healthCheck?: HealthCheckDocument;
  readonly dependsOn: Readonly<Record<string, DependencyCondition>>;
  readonly mounts: readonly { readonly volume: string; readonly path: string; readonly readOnly: boolean }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly readonlyRootFilesystem: boolean;
  /** Seconds between asking a container to stop and ending it. */
  readonly stopTimeout: number;
  /** Engine platform such as `linux/arm64`; unset means the engine's own. */
  readonly platform?: string;
}

/** A volume of the task: gone with the task, or kept with the environment. */
export type VolumeDocument =
  | { readonly name: string; readonly kind: "scratch" }
  /** `key` names the environment's volume; two workloads with one key share it. `directory` is a folder inside. */
  | {
      readonly name: string;
      readonly kind: "kept";
      readonly key: string;
      readonly directory?: string;
      readonly uid?: number;
      readonly gid?: number;
    };

/** Containers that share one network namespace. */
export interface TaskDocument {
  readonly containers: readonly ContainerDocument[];
  /** 1024 are one processor; for all containers together. */
  readonly cpu: number;
  /** MiB for all containers together. */
  readonly memory: number;
  readonly volumes: readonly VolumeDocument[];
  readonly exec: boolean;
}

/** One rule of the HTTP ingress. */
export interface HttpRuleDocument {
  /** Own host names; empty means every name and the port of the environment. */
  readonly hosts: readonly string[];
  /** Starts with `/`; `/` matches everything, `/x` matches `/x` and `/x/…`. */
  readonly path: string;
  readonly targetPort: number;
  readonly version: "http1" | "http2" | "grpc";
  readonly healthCheck: {
    readonly path: string;
    readonly port: number;
    readonly successCodes: string;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly interval: number;
    readonly timeout: number;
    readonly https: boolean;
  };
  readonly stickiness: boolean;
  /** Seconds that requests under way may still take once a task is being replaced. */
  readonly deregistrationDelay: number;
  readonly allowedSourceIps: readonly string[];
  readonly redirectToHttps: boolean;
}

/** A port of the host that the ingress publishes. */
export interface ListenerDocument {
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "tls";
  readonly targetPort: number;
  readonly deregistrationDelay: number;
}

/** When a job runs: `cron` has five fields, `rate` is in minutes, `none` never by itself. Time zone is UTC. */
export type ScheduleDocument =
  | { readonly kind: "none" }
  | { readonly kind: "cron"; readonly expression: string }
  | { readonly kind: "rate"; readonly minutes: number };

/**
 * A workload in one environment as the Docker target deploys it: what `package` prints, `--diff` compares, `deploy` applies
 * and a release keeps. It is complete: applying it again needs nothing from the workspace.
 */
export interface StackDocument {
  readonly format: "copilot-stack/1";
  readonly application: string;
  readonly environment: string;
  readonly workload: string;
  readonly type: WorkloadType;
  readonly task?: TaskDocument;
  readonly service?: {
    readonly desiredCount: number;
    readonly rolling: "default" | "recreate";
    /** Seconds before a failing health check counts. */ readonly gracePeriod: number;
  };
  readonly http?: { readonly scope: "public" | "internal"; readonly rules: readonly HttpRuleDocument[] };
  readonly listeners?: readonly ListenerDocument[];
  /** Names at which the environment's workloads find this one. Unset when it has no port. */
  readonly discovery?: { readonly names: readonly string[] };
  readonly job?: { readonly schedule: ScheduleDocument; /** Seconds. */ readonly timeout?: number; readonly retries: number };
  /** A site's files by the SHA-256 of their archive, which is uploaded before the document is applied. */
  readonly site?: { readonly artifact: string; readonly hosts: readonly string[] };
  /** The manifest, for `show --manifest`. */
  readonly manifest: string;
  /** What the manifest asks for and Docker does not have, in one line each. */
  readonly notices: readonly string[];
}

/** An environment as the Docker target deploys it. */
export interface EnvironmentDocument {
  readonly format: "copilot-environment/1";
  readonly application: string;
  readonly environment: string;
  readonly manifest: string;
  readonly notices: readonly string[];
}
