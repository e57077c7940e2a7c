/** Labels by name, as the engine keeps them on every object. */
export type Labels = Readonly<Record<string, string>>;

/** What the engine says of itself. */
export interface EngineInfo {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly processors: number;
  /** Whether processor limits can be set; a container that asks for them elsewhere is refused. */
  readonly limitsProcessors: boolean;
}

/** Health as the engine tells it; `none` for a container without a check. */
export type EngineHealth = "none" | "starting" | "healthy" | "unhealthy";

/** A container as it is now. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly image: string;
  readonly imageId: string;
  readonly state: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
  readonly health: EngineHealth;
  /** Only of a container that has ended. */
  readonly exitCode?: number;
  readonly outOfMemory: boolean;
  /** Why the engine could not start it. */
  readonly error?: string;
  /** ISO 8601. */
  readonly startedAt?: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
  /** IPv4 address by network name; empty while it does not run. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** A folder or volume of the engine inside a container. */
export interface EngineMount {
  /** `bind` takes a folder of the engine's host, `volume` a volume by name. */
  readonly kind: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Leaves the files that the image has at `target` out of an empty volume. */
  readonly withoutCopy?: boolean;
}

/** A port of a container on the engine's host. */
export interface EnginePort {
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
  readonly hostAddress: string;
  /** 0 lets the engine choose. */
  readonly hostPort: number;
}

/** A check that the engine runs in a container; times are in seconds. */
export interface EngineHealthCheck {
  readonly test: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number;
}

/** A container to make. What is unset keeps the image's or the engine's default. */
export interface ContainerRequest {
  readonly name: string;
  readonly image: string;
  readonly labels: Labels;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly hostname?: string;
  /** `container` shares the network namespace of another one. */
  readonly network:
    | { readonly kind: "none" }
    | { readonly kind: "container"; readonly containerId: string }
    | {
        readonly kind: "network";
        readonly name: string;
        /** A fixed IPv4 address in it. */
        readonly address?: string;
        readonly aliases?: readonly string[];
        readonly nameServers?: readonly string[];
        readonly searchDomains?: readonly string[];
      };
  readonly mounts?: readonly EngineMount[];
  readonly ports?: readonly EnginePort[];
  readonly healthCheck?: EngineHealthCheck;
  readonly readonlyRoot?: boolean;
  /** Bytes. */
  readonly memory?: number;
  /** Whole processors, e.g. 0.25. */
  readonly processors?: number;
  /** Relative weight when processors are short; 1024 is the engine's default. */
  readonly processorShares?: number;
  readonly restart: "no" | "always";
  /** Seconds. */
  readonly stopTimeout?: number;
  readonly platform?: string;
  readonly privileged?: boolean;
  /** Settings of the kernel for its own network; an engine whose kernel lacks one refuses to start it. */
  readonly kernelSettings?: Readonly<Record<string, string>>;
}

/** A network as it is now. */
export interface EngineNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly subnets: readonly { readonly subnet: string; readonly gateway?: string; readonly range?: string }[];
  /** Ids of the containers that are in it; only from `inspectNetwork`. */
  readonly containerIds: readonly string[];
}

/** A network to make. */
export interface NetworkRequest {
  readonly name: string;
  readonly labels: Labels;
  readonly internal?: boolean;
  readonly addresses?: { readonly subnet: string; readonly gateway?: string; readonly range?: string };
}

/** A volume as it is now. */
export interface EngineVolume {
  readonly name: string;
  readonly labels: Labels;
  /** Its folder on the engine's host. */
  readonly mountpoint: string;
}

/** An image as it is now. */
export interface EngineImage {
  readonly id: string;
  readonly references: readonly string[];
  /** In registries, e.g. `nginx@sha256:…`. */
  readonly digests: readonly string[];
  readonly labels: Labels;
  /** Bytes. */
  readonly size: number;
}

/** Something that happened on the engine. */
export interface EngineEvent {
  readonly type: "container" | "image" | "network" | "volume";
  /** As the engine names it: `start`, `die`, `destroy`, `health_status: healthy`, `tag`, … */
  readonly action: string;
  readonly id: string;
  /** Labels and more of the object. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970. */
  readonly timeNano: bigint;
}

/** One line that a container wrote, without its line end. */
export interface EngineLogLine {
  readonly at: string;
  readonly stream: "stdout" | "stderr";
  readonly message: string;
}

/** Which lines of a container. Times are ISO 8601. */
export interface LogQuery {
  readonly follow?: boolean;
  readonly since?: string;
  readonly until?: string;
  /** The last so many lines. */
  readonly tail?: number;
  readonly signal?: AbortSignal;
}

/** How a command in a running container ended. */
export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}

/**
 * The part of the Engine API (1.41 and newer) that the control plane needs. Removing or stopping what is gone already succeeds;
 * other refusals reject with an {@link EngineError}. The behaviour is written down in `test/fakes/fake-engine.md`.
 */
export interface Engine {
  info(): Promise<EngineInfo>;
  /** Containers with all of these labels, running or not. `undefined` values ask for the label alone. */
  listContainers(labels: Labels): Promise<readonly EngineContainer[]>;
  inspectContainer(idOrName: string): Promise<EngineContainer | undefined>;
  /** Id of the new container. */
  createContainer(request: ContainerRequest): Promise<string>;
  startContainer(idOrName: string): Promise<void>;
  /** Asks it to end, and ends it after so many seconds (its own stop timeout when unset); resolves when it has ended. */
  stopContainer(idOrName: string, timeoutSeconds?: number): Promise<void>;
  /** Resolves with the exit code once it has ended. */
  waitContainer(idOrName: string): Promise<number>;
  killContainer(idOrName: string, signal: string): Promise<void>;
  /** Ends it if need be; its unnamed volumes go with it. */
  removeContainer(idOrName: string): Promise<void>;
  restartContainer(idOrName: string, timeoutSeconds: number): Promise<void>;
  containerLogs(idOrName: string, query: LogQuery): AsyncIterable<EngineLogLine>;
  /** Runs a command in a running container and waits for it. */
  exec(idOrName: string, command: readonly string[]): Promise<ExecResult>;
  /** Unpacks a tar archive below a folder of the container. */
  putArchive(idOrName: string, path: string, archive: Uint8Array): Promise<void>;

  listNetworks(labels: Labels): Promise<readonly EngineNetwork[]>;
  inspectNetwork(name: string): Promise<EngineNetwork | undefined>;
  createNetwork(request: NetworkRequest): Promise<string>;
  connectNetwork(name: string, containerId: string, address?: string): Promise<void>;
  disconnectNetwork(name: string, containerId: string): Promise<void>;
  removeNetwork(name: string): Promise<void>;

  listVolumes(labels: Labels): Promise<readonly EngineVolume[]>;
  /** Makes the volume unless there is one of that name. */
  createVolume(name: string, labels: Labels): Promise<EngineVolume>;
  removeVolume(name: string): Promise<void>;

  inspectImage(reference: string): Promise<EngineImage | undefined>;
  /** Images with a reference like `copilot/shop/*`. */
  listImages(referencePattern: string): Promise<readonly EngineImage[]>;
  pullImage(reference: string, platform?: string): Promise<void>;
  /** Takes the reference away, and the image with its last one. An image in use keeps its layers. */
  removeImage(reference: string): Promise<void>;

  /** Follows what happens from `sinceNano` on; ends when the engine closes the stream or the signal fires. */
  events(query: { readonly sinceNano?: bigint; readonly signal: AbortSignal }): AsyncIterable<EngineEvent>;
}

/** The engine refused a call. */
export class EngineError extends Error {
  /** HTTP status: 404 unknown, 409 in the way of something, 500 the engine itself; 0 when it could not be reached. */
  readonly status: number;

  constructor(status: number, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "EngineError";
    this.status = status;
  }
}
