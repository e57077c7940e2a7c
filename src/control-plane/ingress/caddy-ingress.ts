import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { internalName, publicName } from "../../targets/docker/compile/names.ts";
import { ingressAddressIn } from "../discovery/environment-subnet.ts";
import type { EnvironmentNetworks } from "../discovery/environment-networks.ts";
import type { NameServer } from "../discovery/name-server.ts";
import type { ZoneEnvironment } from "../discovery/zone.ts";
import { pause } from "../pause.ts";
import { loadConfig, readActiveRequests } from "./caddy-admin.ts";
import { toCaddyConfig } from "./caddy-config.ts";
import { refreshMs } from "./caddy-proxy.ts";
import { upstreamName, type PlacedEnvironment } from "./caddy-routes.ts";
import type { Forwarders } from "./forwarders.ts";
import type { EnvironmentAddress, Ingress, IngressEnvironmentKey, IngressState, RoutedEnvironment, RoutedWorkload } from "./ingress.ts";
import {
  addBlock,
  blockContainer,
  blockFolder,
  blockSocket,
  findBlocks,
  startBlock,
  writeBlockFile,
  type IngressContainerParts,
} from "./ingress-container.ts";
import { freePort, isInBlock, type IngressBlock, type SharedPorts } from "./layout.ts";
import { toHttpUrl, toUrls } from "./urls.ts";

/** What the ingress works with. */
export interface CaddyIngressParts extends IngressContainerParts {
  readonly networks: EnvironmentNetworks;
  readonly names: NameServer;
  readonly forwarders: Forwarders;
}

const placeId = ({ application, environment }: { readonly application: string; readonly environment: string }): string =>
  `${application}/${environment}`;

/** Routing without the tasks' addresses: what a change of tasks leaves as it is. */
const withoutAddresses = (environments: readonly PlacedEnvironment[]): readonly PlacedEnvironment[] =>
  environments.map((environment) => ({
    ...environment,
    workloads: environment.workloads.map((workload) => ({
      ...workload,
      ...(workload.http === undefined
        ? {}
        : {
            http: {
              ...workload.http,
              rules: workload.http.rules.map((rule) => ({ ...rule, upstreams: rule.upstreams.length > 0 ? ["task"] : [] })),
            },
          }),
    })),
  }));

/** Addresses of all tasks that take anything for a workload. */
const addressesOf = ({ http, listeners }: RoutedWorkload): readonly string[] => {
  const upstreams = [...(http?.rules ?? []), ...listeners].flatMap((rule) => rule.upstreams);
  return [...new Set(upstreams.map((upstream) => upstream.slice(0, upstream.lastIndexOf(":"))))].toSorted();
};

/** Where a name of the zone stands without its final dot. */
const zoneName = (name: string): string => name.replace(/\.$/, "");

/**
 * Ingress by Caddy. Rules are configuration; tasks are names that Caddy looks up while it works. Replacing tasks therefore reloads nothing, and
 * no connection of a client is closed by it.
 */
export class CaddyIngress implements Ingress {
  readonly #parts: CaddyIngressParts;
  readonly #ports = new Map<string, number>();
  readonly #joined = new Set<string>();
  /** Environments whose network is about to go: routes that still name them must not join it again. */
  readonly #removed = new Set<string>();
  readonly #lost = new Set<number>();
  #blocks: IngressBlock[] | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: CaddyIngressParts) {
    this.#parts = parts;
  }

  ensureEnvironment(key: IngressEnvironmentKey): Promise<EnvironmentAddress> {
    return this.#inTurn(async () => {
      const blocks = await this.#startBlocks();
      const id = placeId(key);
      this.#removed.delete(id);
      const others = new Set([...this.#ports].flatMap(([place, port]) => (place === id ? [] : [port])));
      const port = freePort(blocks, others, this.#ports.get(id) ?? key.port) ?? (await this.#addBlock(key.port));
      this.#ports.set(id, port);
      await this.#join(key, port);
      const shared = this.#shared();
      return { port, urls: [`http://localhost:${port}`, toHttpUrl(publicName(key), shared)] };
    });
  }

  removeEnvironment(key: Pick<IngressEnvironmentKey, "application" | "environment" | "networkName">): Promise<void> {
    return this.#inTurn(async () => {
      await this.#parts.forwarders.removeEnvironment(key);
      this.#removed.add(placeId(key));
      this.#ports.delete(placeId(key));
      for (const { index } of await this.#startBlocks()) {
        this.#joined.delete(`${index} ${key.networkName}`);
        await this.#parts.engine.disconnectNetwork(key.networkName, this.#container(index));
      }
    });
  }

  apply(state: IngressState): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#apply(state);
      } catch {
        // A container may have been taken away or restarted by someone: what was known of it is looked at again, once.
        this.#blocks = undefined;
        this.#joined.clear();
        await this.#apply(state);
      }
    });
  }

  urls(environment: RoutedEnvironment, workload: RoutedWorkload): readonly string[] {
    return [...toUrls(environment, workload, this.#shared()), ...this.#parts.forwarders.urls(environment, workload)];
  }

  async activeRequests(upstream: string): Promise<number> {
    const blocks = this.#blocks ?? [];
    const counts = await Promise.all(
      blocks.map(({ index }) => readActiveRequests(blockSocket(this.#parts.settings.sharedDirectory, index))),
    );
    return counts.reduce((sum, active) => sum + (active.get(upstream) ?? 0), 0);
  }

  /** One change at a time: ports and configuration have one writer. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.catch(() => undefined).then(work);
    this.#turn = done;
    return done;
  }

  #container(index: number): string {
    return blockContainer(this.#parts.settings.instance, index);
  }

  #shared(): SharedPorts {
    return this.#blocks?.[0]?.shared ?? { http: 80, https: 443 };
  }

  /** The blocks, each with its container running: what someone took away or stopped is there again afterwards, at the same ports. */
  async #startBlocks(): Promise<IngressBlock[]> {
    const { running, found } = await findBlocks(this.#parts);
    const known = this.#blocks ?? [];
    const gone = known.filter(({ index }) => !found.some((block) => block.index === index));
    const blocks = [...found, ...gone].toSorted((a, b) => a.index - b.index);
    for (const block of blocks) {
      if (known.some(({ index }) => index === block.index) && running.has(block.index)) continue;
      await startBlock(this.#parts, block);
      for (const id of this.#joined) if (id.startsWith(`${block.index} `)) this.#joined.delete(id);
    }
    if (this.#blocks === undefined || gone.length > 0 || found.length > known.length) this.#blocks = blocks;
    return this.#blocks;
  }

  /** Makes sure that a port which was given before is published; one that another program took meanwhile is asked for only once. */
  async #coverPort(blocks: readonly IngressBlock[], port: number): Promise<void> {
    if (this.#lost.has(port) || blocks.some((block) => isInBlock(block, port))) return;
    if ((await this.#addBlock(port)) !== port) this.#lost.add(port);
  }

  /** A further block, and its first port or the one wanted. */
  async #addBlock(wanted?: number): Promise<number> {
    const blocks = await this.#startBlocks();
    const block = await addBlock(this.#parts, blocks, wanted);
    blocks.push(block);
    return wanted !== undefined && isInBlock(block, wanted) ? wanted : block.firstPort;
  }

  /** Puts the containers that answer for an environment into its network, at addresses that stay theirs. */
  async #join(key: { readonly application: string; readonly environment: string }, port: number): Promise<void> {
    const network = await this.#parts.networks.find(key);
    if (network === undefined) return;
    const blocks = (this.#blocks ?? []).filter((block) => block.shared !== undefined || isInBlock(block, port));
    for (const { index } of blocks) {
      const id = `${index} ${network.networkName}`;
      if (this.#joined.has(id)) continue;
      const address = ingressAddressIn(network.subnet, index);
      const container = await this.#parts.engine.inspectContainer(this.#container(index));
      const before = container?.addresses[network.networkName];
      if (before !== undefined && before !== address)
        await this.#parts.engine.disconnectNetwork(network.networkName, this.#container(index));
      if (before !== address) await this.#parts.engine.connectNetwork(network.networkName, this.#container(index), address);
      this.#joined.add(id);
    }
  }

  async #apply(state: IngressState): Promise<void> {
    const blocks = await this.#startBlocks();
    const places = new Set(state.environments.map(placeId));
    for (const place of this.#ports.keys()) if (!places.has(place)) this.#ports.delete(place);
    const placed: PlacedEnvironment[] = [];
    for (const environment of state.environments.filter((candidate) => !this.#removed.has(placeId(candidate)))) {
      const network = await this.#parts.networks.find(environment);
      if (network === undefined) continue;
      this.#ports.set(placeId(environment), environment.port);
      await this.#coverPort(blocks, environment.port);
      await this.#join(environment, environment.port);
      placed.push({ ...environment, subnet: network.subnet, dnsAddress: network.dnsAddress });
    }
    const moved = await this.#parts.names.put(
      "ingress",
      placed.map((environment) => this.#zone(environment)),
    );
    for (const block of blocks) await this.#configure(block, placed);
    await this.#parts.forwarders.apply(placed);
    // What was looked up before the change is used until then.
    if (moved) await pause(refreshMs + 50, AbortSignal.timeout(1_000));
  }

  #zone(environment: PlacedEnvironment): ZoneEnvironment {
    const tasks = environment.workloads.map((workload) => [
      zoneName(upstreamName(workload.workload)),
      { addresses: addressesOf(workload) },
    ]);
    const ingress = [internalName(environment), { addresses: [ingressAddressIn(environment.subnet, 0)] }];
    return { subnet: environment.subnet, names: Object.fromEntries([...tasks, ingress]) };
  }

  /** Loads a block's configuration when its rules changed. The file, from which a restart begins, always has the newest tasks. */
  async #configure(block: IngressBlock, environments: readonly PlacedEnvironment[]): Promise<void> {
    const { sharedDirectory } = this.#parts.settings;
    const config = JSON.stringify(toCaddyConfig(environments, block));
    const structure = JSON.stringify(toCaddyConfig(withoutAddresses(environments), block));
    const folder = blockFolder(sharedDirectory, block.index);
    await writeBlockFile(sharedDirectory, block.index, { name: "caddy.json", text: config });
    if ((await readFile(join(folder, "structure.json"), "utf8").catch(() => "")) === structure) return;
    await loadConfig(blockSocket(sharedDirectory, block.index), config);
    await writeBlockFile(sharedDirectory, block.index, { name: "structure.json", text: structure });
  }
}
