import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeploymentOutcome } from "../../src/model/deployment.ts";
import { startControlPlane, type ControlPlane } from "../../src/control-plane/control-plane.ts";
import type { ErrorBody, JobRun, WorkEvent, WorkloadStatus } from "../../src/targets/docker/protocol.ts";
import type { Release } from "../../src/model/deployment.ts";
import type { ContainerDocument, StackDocument } from "../../src/targets/docker/stack-document.ts";
import { FakeDiscovery } from "./fake-discovery.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakeIngress } from "./fake-ingress.ts";

/** How a piece of work ended. */
export type Ending = DeploymentOutcome | ({ readonly kind: "error" } & ErrorBody);

/** A control plane of instance `test` on fakes, called through its API. Its state outlives it, so that it can be ended and started again. */
export class ControlPlaneOnFakes {
  readonly engine = new FakeEngine();
  readonly ingress = new FakeIngress();
  readonly discovery = new FakeDiscovery(this.engine, "test");
  readonly warnings: string[] = [];
  readonly #parent: string;
  #directory = "";
  #running: ControlPlane | undefined;

  /** Its state is in a folder of its own below `parent`. */
  constructor(parent: string = tmpdir()) {
    this.#parent = parent;
  }

  /** Starts it, with application `shop` and environment `test` the first time. */
  async start(): Promise<void> {
    if (this.#directory === "") {
      this.#directory = await mkdtemp(join(this.#parent, "copilot-control-plane-"));
      this.engine.addImage("base:1");
    }
    const directory = this.#directory;
    const settings = {
      instance: "test",
      build: "test",
      stateDirectory: directory,
      engineSocket: "",
      host: "127.0.0.1",
      port: 0,
      tokenFile: join(directory, "token"),
      baseImage: "base:1",
      ingressImage: "ingress:1",
      sharedDirectory: join(directory, "shared"),
    };
    const { engine, ingress, discovery } = this;
    const warn = (message: string): void => void this.warnings.push(message);
    this.#running = await startControlPlane(settings, { engine, ingress, discovery, now: Date.now, warn });
    await this.call("PUT", "/applications/shop", { target: "docker" });
    await this.call("PUT", "/applications/shop/environments/test", { target: "docker" });
  }

  /** Ends it; what runs on the engine goes on. */
  async end(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.end();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Where its state is. */
  get directory(): string {
    return this.#directory;
  }

  /** One call with its token, or another one. */
  async call(method: string, path: string, body?: unknown, token?: string): Promise<Response> {
    const running = this.#running;
    if (!running) throw new Error("The control plane does not run.");
    return fetch(`http://127.0.0.1:${running.port}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token ?? running.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The events of a call that answers with a stream. */
  async events(method: string, path: string, body?: unknown): Promise<readonly WorkEvent[]> {
    const text = await (await this.call(method, path, body)).text();
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as WorkEvent);
  }

  /** Deploys and gives the ending. */
  async deploy(document: StackDocument, options: { readonly force?: boolean; readonly noRollback?: boolean } = {}): Promise<Ending> {
    return endingOf(await this.events("POST", `${pathOf(document.workload)}/deployments`, { document, user: "ann", ...options }));
  }

  async status(workload: string): Promise<WorkloadStatus> {
    return (await (await this.call("GET", `${pathOf(workload)}/status`)).json()) as WorkloadStatus;
  }

  async releases(workload: string): Promise<readonly Release[]> {
    return (await (await this.call("GET", `${pathOf(workload)}/releases`)).json()) as Release[];
  }

  async runs(workload: string): Promise<readonly JobRun[]> {
    return (await (await this.call("GET", `${pathOf(workload)}/runs`)).json()) as JobRun[];
  }
}

/** How a stream of events ended. */
export function endingOf(events: readonly WorkEvent[]): Ending {
  const last = events.at(-1);
  if (last?.type === "outcome") return last.outcome;
  if (last?.type === "error") return { kind: "error", ...last.error };
  throw new Error(`The stream ended without an outcome: ${JSON.stringify(last)}`);
}

/** Path of a workload in environment `test` of `shop`. */
export const pathOf = (workload: string): string => `/applications/shop/environments/test/workloads/${workload}`;

/** A container that is healthy when its image says so. */
export function containerDocument(name: string, image: string, over: Partial<ContainerDocument> = {}): ContainerDocument {
  return {
    name,
    image,
    essential: true,
    ports: [],
    environment: {},
    secrets: {},
    healthCheck: { command: ["CMD", "true"], interval: 1, retries: 1, timeout: 1, startPeriod: 0 },
    dependsOn: {},
    mounts: [],
    labels: {},
    readonlyRootFilesystem: false,
    stopTimeout: 1,
    ...over,
  };
}

/** A service of one container. */
export function serviceDocument(workload: string, image: string, over: Partial<StackDocument> = {}): StackDocument {
  return {
    format: "copilot-stack/1",
    application: "shop",
    environment: "test",
    workload,
    type: "Backend Service",
    task: { containers: [containerDocument(workload, image)], cpu: 256, memory: 512, volumes: [], exec: false },
    service: { desiredCount: 1, rolling: "default", gracePeriod: 0 },
    discovery: { names: [workload] },
    manifest: "",
    notices: [],
    ...over,
  };
}

/** A job of one container that is never run by a schedule. */
export function jobDocument(workload: string, image: string, job: Partial<NonNullable<StackDocument["job"]>> = {}): StackDocument {
  const { service: _service, discovery: _discovery, ...rest } = serviceDocument(workload, image);
  return { ...rest, type: "Scheduled Job", job: { schedule: { kind: "none" }, retries: 0, ...job } };
}
