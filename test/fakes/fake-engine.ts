import {
  EngineError,
  type ContainerRequest,
  type Engine,
  type EngineContainer,
  type EngineEvent,
  type EngineImage,
  type EngineLogLine,
  type EngineNetwork,
  type EngineVolume,
  type Labels,
} from "../../src/control-plane/engine/engine.ts";

/** What the containers of an image do. Times are milliseconds after the start. */
export interface Script {
  readonly writes?: readonly string[];
  /** Ends by itself; unset runs until it is stopped. */
  readonly exits?: { readonly after: number; readonly code: number };
  /** What its health check says: `healthy` or `unhealthy`, and when. */
  readonly health?: { readonly after: number; readonly status: "healthy" | "unhealthy" };
  /** Why it cannot be started. */
  readonly startError?: string;
}

interface FakeContainer {
  readonly request: ContainerRequest;
  readonly imageId: string;
  readonly lines: EngineLogLine[];
  readonly networks: Map<string, string>;
  readonly timers: NodeJS.Timeout[];
  value: EngineContainer;
}

/** An engine without programs, which behaves as `fake-engine.md` says. Its timers are `setTimeout`, which tests may replace. */
export class FakeEngine implements Engine {
  /** Names of the calls that change something, in order. */
  readonly calls: string[] = [];
  readonly #containers = new Map<string, FakeContainer>();
  readonly #networks = new Map<string, { readonly value: EngineNetwork; readonly members: Set<string> }>();
  readonly #volumes = new Map<string, EngineVolume>();
  readonly #images = new Map<string, { readonly id: string; readonly script: Script }>();
  readonly #watchers = new Set<(event: EngineEvent | undefined) => void>();
  #isDown = false;
  #count = 0;

  /** Makes an image known under a reference. */
  addImage(reference: string, script: Script = {}): void {
    this.#count += 1;
    this.#images.set(reference, { id: `sha256:${String(this.#count).padStart(64, "0")}`, script });
    this.#emit("image", "tag", reference, {});
  }

  /** Ends the engine with everything that runs, as `kill -9` does; calls are refused until {@link restart}. */
  crash(): void {
    this.#isDown = true;
    for (const watcher of this.#watchers) watcher(undefined);
    for (const container of this.#containers.values()) {
      for (const timer of container.timers) clearTimeout(timer);
      if (container.value.state === "running") this.#end(container, 137);
    }
  }

  /** Lets a crashed engine answer again. */
  restart(): void {
    this.#isDown = false;
  }

  /** Ends a container as if its program had. */
  exit(idOrName: string, code: number): void {
    const container = this.#find(idOrName);
    if (container) this.#end(container, code);
  }

  /** Sets what a container's health check says. */
  setHealth(idOrName: string, health: "healthy" | "unhealthy"): void {
    const container = this.#find(idOrName);
    if (!container || container.value.state !== "running") return;
    container.value = { ...container.value, health };
    this.#emit("container", `health_status: ${health}`, container.value.id, container.value.labels);
  }

  /** All containers that are there. */
  get containers(): readonly EngineContainer[] {
    return [...this.#containers.values()].map((container) => container.value);
  }

  async info() {
    await this.#answer();
    return { id: "fake", name: "fake", version: "20.10.24", apiVersion: "1.41", processors: 2, limitsProcessors: true };
  }

  async listContainers(labels: Labels): Promise<readonly EngineContainer[]> {
    await this.#answer();
    return this.containers.filter((container) => hasLabels(container.labels, labels));
  }

  async inspectContainer(idOrName: string): Promise<EngineContainer | undefined> {
    await this.#answer();
    return this.#find(idOrName)?.value;
  }

  async createContainer(request: ContainerRequest): Promise<string> {
    await this.#answer(`create ${request.name}`);
    if (this.#find(request.name)) throw new EngineError(409, `Conflict. The container name "/${request.name}" is already in use.`);
    const image = this.#image(request.image);
    if (!image) throw new EngineError(404, `No such image: ${request.image}`);
    this.#count += 1;
    const id = String(this.#count).padStart(64, "c");
    const value: EngineContainer = {
      id,
      name: request.name,
      labels: request.labels,
      image: request.image,
      imageId: image.id,
      state: "created",
      health: "none",
      outOfMemory: false,
      addresses: {},
    };
    const networks = new Map(request.network.kind === "network" ? [[request.network.name, request.network.address ?? ""]] : []);
    this.#containers.set(id, { request, imageId: image.id, lines: [], networks, timers: [], value });
    this.#emit("container", "create", id, request.labels);
    return id;
  }

  async startContainer(idOrName: string): Promise<void> {
    await this.#answer(`start ${this.#find(idOrName)?.value.name ?? idOrName}`);
    const container = this.#known(idOrName);
    if (container.value.state === "running") return;
    const script = [...this.#images.values()].find((image) => image.id === container.imageId)?.script ?? {};
    const { network } = container.request;
    if (network.kind === "container" && this.#find(network.containerId)?.value.state !== "running") {
      throw new EngineError(409, `cannot join network of a non running container: ${network.containerId}`);
    }
    for (const name of container.networks.keys()) if (!this.#networks.has(name)) throw new EngineError(404, `network ${name} not found`);
    if (script.startError) {
      container.value = { ...container.value, error: script.startError };
      throw new EngineError(400, script.startError);
    }
    this.#run(container, script);
  }

  async stopContainer(idOrName: string): Promise<void> {
    await this.#answer(`stop ${this.#find(idOrName)?.value.name ?? idOrName}`);
    const container = this.#find(idOrName);
    if (container?.value.state === "running") this.#end(container, 143);
  }

  async waitContainer(idOrName: string): Promise<number> {
    await this.#answer();
    const container = this.#known(idOrName);
    if (container.value.exitCode !== undefined) return container.value.exitCode;
    for await (const event of this.events({ signal: new AbortController().signal })) {
      if (event.action === "die" && event.id === container.value.id) return container.value.exitCode ?? 0;
    }
    throw new EngineError(0, "The engine went away.");
  }

  async killContainer(idOrName: string): Promise<void> {
    await this.#answer(`kill ${idOrName}`);
    const container = this.#find(idOrName);
    if (container?.value.state === "running") this.#end(container, 137);
  }

  async removeContainer(idOrName: string): Promise<void> {
    await this.#answer(`remove ${this.#find(idOrName)?.value.name ?? idOrName}`);
    const container = this.#find(idOrName);
    if (!container) return;
    if (container.value.state === "running") this.#end(container, 137);
    this.#containers.delete(container.value.id);
    this.#emit("container", "destroy", container.value.id, container.value.labels);
  }

  async restartContainer(idOrName: string): Promise<void> {
    await this.stopContainer(idOrName);
    await this.startContainer(idOrName);
  }

  async *containerLogs(idOrName: string, query: { readonly tail?: number }): AsyncGenerator<EngineLogLine> {
    await this.#answer();
    const lines = this.#find(idOrName)?.lines ?? [];
    yield* query.tail === undefined ? lines : lines.slice(-query.tail);
  }

  async exec(idOrName: string): Promise<{ readonly exitCode: number; readonly output: string }> {
    await this.#answer(`exec ${idOrName}`);
    if (this.#known(idOrName).value.state !== "running") throw new EngineError(409, `Container ${idOrName} is not running`);
    return { exitCode: 0, output: "" };
  }

  async putArchive(idOrName: string): Promise<void> {
    await this.#answer(`put ${idOrName}`);
    this.#known(idOrName);
  }

  async listNetworks(labels: Labels): Promise<readonly EngineNetwork[]> {
    await this.#answer();
    return [...this.#networks.values()].map((network) => network.value).filter((network) => hasLabels(network.labels, labels));
  }

  async inspectNetwork(name: string): Promise<EngineNetwork | undefined> {
    await this.#answer();
    const network = this.#networks.get(name);
    return network && { ...network.value, containerIds: this.#membersOf(name) };
  }

  async createNetwork({ name, labels }: { readonly name: string; readonly labels: Labels }): Promise<string> {
    await this.#answer(`create network ${name}`);
    if (this.#networks.has(name)) throw new EngineError(409, `network with name ${name} already exists`);
    const subnet = `10.99.${this.#networks.size}.0/24`;
    this.#networks.set(name, { value: { id: `net-${name}`, name, labels, subnets: [{ subnet }], containerIds: [] }, members: new Set() });
    return `net-${name}`;
  }

  async connectNetwork(name: string, containerId: string, address?: string): Promise<void> {
    await this.#answer(`connect ${name}`);
    if (!this.#networks.has(name)) throw new EngineError(404, `network ${name} not found`);
    this.#known(containerId).networks.set(name, address ?? "");
  }

  async disconnectNetwork(name: string, containerId: string): Promise<void> {
    await this.#answer(`disconnect ${name}`);
    this.#find(containerId)?.networks.delete(name);
  }

  async removeNetwork(name: string): Promise<void> {
    await this.#answer(`remove network ${name}`);
    if (this.#membersOf(name).length > 0) throw new EngineError(403, `error while removing network: network ${name} has active endpoints`);
    this.#networks.delete(name);
  }

  async listVolumes(labels: Labels): Promise<readonly EngineVolume[]> {
    await this.#answer();
    return [...this.#volumes.values()].filter((volume) => hasLabels(volume.labels, labels));
  }

  async createVolume(name: string, labels: Labels): Promise<EngineVolume> {
    await this.#answer(`create volume ${name}`);
    const volume = this.#volumes.get(name) ?? { name, labels, mountpoint: `/volumes/${name}/_data` };
    this.#volumes.set(name, volume);
    return volume;
  }

  async removeVolume(name: string): Promise<void> {
    await this.#answer(`remove volume ${name}`);
    const isUsed = [...this.#containers.values()].some(({ request }) => (request.mounts ?? []).some((mount) => mount.source === name));
    if (isUsed) throw new EngineError(409, `remove ${name}: volume is in use`);
    this.#volumes.delete(name);
  }

  async inspectImage(reference: string): Promise<EngineImage | undefined> {
    await this.#answer();
    const image = this.#image(reference);
    return image && this.#describe(image.id);
  }

  async listImages(pattern: string): Promise<readonly EngineImage[]> {
    await this.#answer();
    const start = pattern.replace(/\*$/, "");
    const isMatch = (reference: string): boolean =>
      pattern.endsWith("*") ? reference.startsWith(start) : reference.split(":")[0] === pattern;
    const ids = new Set([...this.#images].filter(([reference]) => isMatch(reference)).map(([, image]) => image.id));
    return [...ids].map((id) => this.#describe(id));
  }

  async pullImage(reference: string): Promise<void> {
    await this.#answer(`pull ${reference}`);
    if (!this.#images.has(reference)) throw new EngineError(404, `pull access denied for ${reference}`);
  }

  async removeImage(reference: string): Promise<void> {
    await this.#answer(`remove image ${reference}`);
    if (this.#images.delete(reference)) this.#emit("image", "untag", reference, {});
  }

  async *events({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<EngineEvent> {
    await this.#answer();
    const queue: (EngineEvent | undefined)[] = [];
    let wake: () => void = () => undefined;
    const watcher = (event: EngineEvent | undefined): void => {
      queue.push(event);
      wake();
    };
    const abort = (): void => watcher(undefined);
    signal.addEventListener("abort", abort, { once: true });
    this.#watchers.add(watcher);
    try {
      for (;;) {
        while (queue.length > 0) {
          const event = queue.shift();
          if (!event) return;
          yield event;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.#watchers.delete(watcher);
      signal.removeEventListener("abort", abort);
    }
  }

  async #answer(call?: string): Promise<void> {
    await Promise.resolve();
    if (this.#isDown) throw new EngineError(0, "The Docker engine does not answer.");
    if (call) this.calls.push(call);
  }

  #find(idOrName: string): FakeContainer | undefined {
    return this.#containers.get(idOrName) ?? [...this.#containers.values()].find((container) => container.value.name === idOrName);
  }

  #known(idOrName: string): FakeContainer {
    const container = this.#find(idOrName);
    if (!container) throw new EngineError(404, `No such container: ${idOrName}`);
    return container;
  }

  #image(reference: string): { readonly id: string; readonly script: Script } | undefined {
    return this.#images.get(reference) ?? [...this.#images.values()].find((image) => image.id === reference);
  }

  #describe(id: string): EngineImage {
    const references = [...this.#images].filter(([, image]) => image.id === id).map(([reference]) => reference);
    return { id, references, digests: [], labels: {}, size: 1 };
  }

  #membersOf(network: string): readonly string[] {
    return [...this.#containers.values()]
      .filter((container) => container.value.state === "running" && container.networks.has(network))
      .map((container) => container.value.id);
  }

  #run(container: FakeContainer, script: Script): void {
    this.#count += 1;
    const addresses = [...container.networks].map(([name, address]) => [name, address || `10.99.0.${(this.#count % 250) + 2}`] as const);
    const isChecked = container.request.healthCheck !== undefined && container.request.healthCheck.test[0] !== "NONE";
    const { exitCode: _exitCode, error: _error, ...rest } = container.value;
    const startedAt = new Date().toISOString();
    container.value = {
      ...rest,
      state: "running",
      health: isChecked ? "starting" : "none",
      startedAt,
      addresses: Object.fromEntries(addresses),
    };
    for (const message of script.writes ?? []) container.lines.push({ at: startedAt, stream: "stdout", message });
    this.#emit("container", "start", container.value.id, container.value.labels);
    const { exits, health } = script;
    if (exits) container.timers.push(setTimeout(() => this.#end(container, exits.code), exits.after));
    if (health && isChecked) container.timers.push(setTimeout(() => this.setHealth(container.value.id, health.status), health.after));
  }

  #end(container: FakeContainer, exitCode: number): void {
    if (container.value.state !== "running") return;
    for (const timer of container.timers) clearTimeout(timer);
    container.value = { ...container.value, state: "exited", exitCode, finishedAt: new Date().toISOString(), addresses: {} };
    this.#emit("container", "die", container.value.id, container.value.labels);
  }

  #emit(type: EngineEvent["type"], action: string, id: string, attributes: Labels): void {
    const event: EngineEvent = { type, action, id, attributes, timeNano: BigInt(Date.now()) * 1_000_000n };
    for (const watcher of this.#watchers) watcher(event);
  }
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => (value === "" ? name in labels : labels[name] === value));
}
