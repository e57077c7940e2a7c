import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { EngineError, type ContainerRequest, type Engine, type EngineContainer, type EnginePort } from "../engine/engine.ts";
import { editionLabel, ensurePlatformContainer } from "../images/platform-container.ts";
import { ensurePlatformNetwork, platformNetworkName } from "../images/platform-network.ts";
import { labelNames } from "../object-names.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import { namePrefix } from "../../targets/docker/instance-names.ts";
import { pause } from "../pause.ts";
import type { Settings } from "../settings.ts";
import { isReady } from "./caddy-admin.ts";
import { toCaddyConfig } from "./caddy-config.ts";
import { blockCandidates, blockSize, innerHttpPort, innerHttpsPort, sharedCandidates, type IngressBlock } from "./layout.ts";

/** Raised when containers made by an older program have to be replaced. */
const edition = "4";
/** Milliseconds for a container to answer once it was started. */
const startPatience = 20_000;
/**
 * A new configuration listens on sockets of its own beside the old ones. With this setting, which kernels have since 5.14, connections that
 * wait at a socket when it closes go over to the next one instead of being reset.
 */
const keepQueuedConnections = { "net.ipv4.tcp_migrate_req": "1" };
const portsLabel = "copilot.ingress-ports";

/** What ingress containers are made with. */
export interface IngressContainerParts {
  readonly engine: Engine;
  readonly settings: Pick<Settings, "instance" | "ingressImage" | "sharedDirectory" | "sharedVolume">;
  readonly programFile: string;
}

/** The container of a block. */
export const blockContainer = (instance: string, index: number): string => `${namePrefix(instance)}-ingress-${index}`;

/** A block's folder as the control plane sees it: its configuration, and its admin socket. */
export const blockFolder = (sharedDirectory: string, index: number): string => join(sharedDirectory, "ingress", String(index));

/** The admin socket of a block. */
export const blockSocket = (sharedDirectory: string, index: number): string => join(blockFolder(sharedDirectory, index), "admin.sock");

/** Writes a file of a block's folder. */
export const writeBlockFile = (
  sharedDirectory: string,
  index: number,
  file: { readonly name: string; readonly text: string },
): Promise<void> => writeWhole(join(blockFolder(sharedDirectory, index), file.name), file.text);

const publish = (containerPort: number, hostPort: number): EnginePort => ({
  containerPort,
  protocol: "tcp",
  hostAddress: "127.0.0.1",
  hostPort,
});

function portsOf(block: IngressBlock): readonly EnginePort[] {
  const own = Array.from({ length: blockSize }, (_, offset) => publish(block.firstPort + offset, block.firstPort + offset));
  const shared = block.shared === undefined ? [] : [publish(innerHttpPort, block.shared.http), publish(innerHttpsPort, block.shared.https)];
  return [...own, ...shared];
}

/** The block that a container was made for, by its labels. */
export function readBlock(container: Pick<EngineContainer, "labels">): IngressBlock | undefined {
  const [index, firstPort, http, https] = (container.labels[portsLabel] ?? "").split(",").map(Number);
  if (index === undefined || firstPort === undefined || Number.isNaN(firstPort)) return undefined;
  return { index, firstPort, ...(http === undefined || https === undefined ? {} : { shared: { http, https } }) };
}

/** Blocks that exist on the engine, by index, and which of them have a container that runs. */
export async function findBlocks({
  engine,
  settings,
}: IngressContainerParts): Promise<{ readonly found: readonly IngressBlock[]; readonly running: ReadonlySet<number> }> {
  const containers = await engine.listContainers({ [labelNames.instance]: settings.instance, [labelNames.role]: "ingress" });
  const blocks = containers.flatMap((container) => {
    const block = readBlock(container);
    return block === undefined ? [] : [{ block, runs: container.state === "running" }];
  });
  return {
    found: blocks.map(({ block }) => block).toSorted((a, b) => a.index - b.index),
    running: new Set(blocks.flatMap(({ block, runs }) => (runs ? [block.index] : []))),
  };
}

async function waitUntilReady(parts: IngressContainerParts, index: number): Promise<void> {
  const deadline = AbortSignal.timeout(startPatience);
  while (!(await isReady(blockSocket(parts.settings.sharedDirectory, index)))) {
    if (deadline.aborted) throw new Error(`The ingress container ${blockContainer(parts.settings.instance, index)} does not answer.`);
    await pause(50, deadline);
  }
}

function toContainerRequest(
  { instance, ingressImage, sharedDirectory, sharedVolume }: IngressContainerParts["settings"],
  block: IngressBlock,
): ContainerRequest {
  const ports = [block.index, block.firstPort, ...(block.shared === undefined ? [] : [block.shared.http, block.shared.https])];
  return {
    name: blockContainer(instance, block.index),
    image: ingressImage,
    labels: {
      [labelNames.instance]: instance,
      [labelNames.role]: "ingress",
      [editionLabel]: edition,
      [portsLabel]: ports.join(","),
    },
    command: ["caddy", "run", "--config", `/shared/ingress/${block.index}/caddy.json`],
    environment: { HOME: "/shared/caddy", XDG_DATA_HOME: "/shared/caddy", XDG_CONFIG_HOME: "/shared/caddy" },
    network: { kind: "network", name: platformNetworkName(instance) },
    mounts: [
      {
        ...(sharedVolume === undefined ? { kind: "bind", source: sharedDirectory } : { kind: "volume", source: sharedVolume }),
        target: "/shared",
        readOnly: false,
      },
    ],
    ports: portsOf(block),
    restart: "always",
    stopTimeout: 5,
  };
}

/** Starts a block's container unless it runs; rejects with the engine's error when a port is taken. */
export async function startBlock(parts: IngressContainerParts, block: IngressBlock): Promise<void> {
  const { engine, settings } = parts;
  const { instance, sharedDirectory } = settings;
  await mkdir(blockFolder(sharedDirectory, block.index), { recursive: true });
  const config = join(blockFolder(sharedDirectory, block.index), "caddy.json");
  if ((await readFile(config, "utf8").catch(() => "")) === "")
    await writeBlockFile(sharedDirectory, block.index, { name: "caddy.json", text: JSON.stringify(toCaddyConfig([], block)) });
  await ensurePlatformNetwork(engine, instance);
  const request = toContainerRequest(settings, block);
  try {
    await ensurePlatformContainer(parts, { ...request, kernelSettings: keepQueuedConnections }, "without-program");
  } catch (error) {
    if (!(error instanceof EngineError && /sysctl|tcp_migrate_req/.test(error.message))) throw error;
    await engine.removeContainer(request.name);
    await ensurePlatformContainer(parts, request, "without-program");
  }
  await waitUntilReady(parts, block.index);
}

/** The port that the engine could not have; `undefined` for any other trouble. */
export function takenPort(error: unknown): number | undefined {
  if (
    !(error instanceof EngineError) ||
    !/already allocated|already in use|not available|privileged port|permission denied/i.test(error.message)
  )
    return undefined;
  const port = /(?:(?:127\.0\.0\.1|0\.0\.0\.0|localhost):|port )(\d{2,5})/.exec(error.message)?.[1];
  return port === undefined ? 0 : Number(port);
}

/** Starts a new block at ports that are free, beginning with the one that holds `wanted`. */
export async function addBlock(parts: IngressContainerParts, blocks: readonly IngressBlock[], wanted?: number): Promise<IngressBlock> {
  const { instance } = parts.settings;
  const index = (blocks.at(-1)?.index ?? -1) + 1;
  const used = new Set(blocks.map(({ firstPort }) => firstPort));
  const firstPorts = blockCandidates(instance, wanted).filter((port) => !used.has(port));
  const shared = index === 0 ? [...sharedCandidates(instance)] : [];
  for (let attempt = 0; attempt < 200; attempt++) {
    const firstPort = firstPorts[0];
    if (firstPort === undefined || (index === 0 && shared.length === 0)) break;
    const block = { index, firstPort, ...(shared[0] === undefined ? {} : { shared: shared[0] }) };
    try {
      await startBlock(parts, block);
      return block;
    } catch (error) {
      const port = takenPort(error);
      if (port === undefined) throw error;
      await parts.engine.removeContainer(blockContainer(instance, index));
      const isShared = shared[0] !== undefined && (port === shared[0].http || port === shared[0].https);
      if (isShared || port === 0) shared.shift();
      if (!isShared) firstPorts.shift();
    }
  }
  throw new Problem("no-port", "The environment cannot answer on this machine: no ports between 16000 and 19880 are free for its ingress", {
    hint: "docker ps",
  });
}
