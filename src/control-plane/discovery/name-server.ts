import { createSocket } from "node:dgram";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { decode, encode } from "dns-packet";
import { ensurePlatformContainer, editionLabel, platformProgram, type PlatformContainers } from "../images/platform-container.ts";
import { ensurePlatformNetwork, platformNetworkName } from "../images/platform-network.ts";
import { labelNames } from "../object-names.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import { namePrefix } from "../../targets/docker/instance-names.ts";
import { pause } from "../pause.ts";
import type { Settings } from "../settings.ts";
import { readZone, serialName, type ZoneEnvironment } from "./zone.ts";

/** Raised when a name server made by an older program has to be replaced. */
const edition = "1";
/** Milliseconds for the name server to have a new zone. */
const zonePatience = 10_000;
/** Milliseconds for one question to it. */
const questionPatience = 500;

/** What the name server is run with. */
export interface NameServerParts extends PlatformContainers {
  readonly settings: Pick<Settings, "instance" | "baseImage" | "sharedDirectory" | "sharedVolume">;
}

/** Who gave the names: those of discovery and those that the ingress asks for are written by two hands. */
export type ZonePart = "discovery" | "ingress";

/** Asks for the serial of the zone being answered; `undefined` without an answer. */
function askSerial(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (serial: number | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(serial);
    };
    const timer = setTimeout(() => end(undefined), questionPatience);
    socket.once("error", () => end(undefined));
    socket.once("message", (message) => {
      const [answer] = decode(message).answers ?? [];
      end(answer?.type === "TXT" ? Number(String(answer.data)) : undefined);
    });
    socket.send(encode({ type: "query", id: 1, questions: [{ type: "TXT", name: serialName }] }), 53, address);
  });
}

/** The container that answers names in all environments of an instance, and the file that it answers from. */
export class NameServer {
  readonly #parts: NameServerParts;
  readonly #names = new Map<ZonePart, readonly ZoneEnvironment[]>();
  readonly #networks = new Map<string, string>();
  #started: Promise<string> | undefined;
  #isStarting = false;
  #serial = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: NameServerParts) {
    this.#parts = parts;
  }

  /** The container's name; the same as long as the instance exists. */
  get container(): string {
    return `${namePrefix(this.#parts.settings.instance)}-names`;
  }

  /** Starts the name server unless it runs, and gives its address in the platform's network. */
  ensure(): Promise<string> {
    if (this.#started !== undefined) return this.#started;
    this.#isStarting = true;
    this.#started = this.#start()
      .catch((error: unknown) => {
        this.#started = undefined;
        throw error;
      })
      .finally(() => (this.#isStarting = false));
    return this.#started;
  }

  /** Puts it into an environment's network at the address that tasks are told. */
  async join(network: string, address: string): Promise<void> {
    this.#networks.set(network, address);
    // Someone may have stopped it since it was last looked at; who joins while it is being started shares that start.
    if (!this.#isStarting) this.#started = undefined;
    await this.ensure();
    await this.#connect(network, address);
  }

  async #connect(network: string, address: string): Promise<void> {
    const container = await this.#parts.engine.inspectContainer(this.container);
    if (container?.addresses[network] === address) return;
    if (container?.addresses[network] !== undefined) await this.#parts.engine.disconnectNetwork(network, this.container);
    await this.#parts.engine.connectNetwork(network, this.container, address);
  }

  /** Takes it out of a network. */
  leave(network: string): Promise<void> {
    this.#networks.delete(network);
    return this.#parts.engine.disconnectNetwork(network, this.container);
  }

  /** Puts one hand's names in place; resolves once they are answered. Tells whether that changed anything. */
  async put(part: ZonePart, environments: readonly ZoneEnvironment[]): Promise<boolean> {
    if (isDeepStrictEqual(this.#names.get(part), environments)) {
      await this.#writing;
      return false;
    }
    this.#names.set(part, environments);
    const written = this.#writing.catch(() => undefined).then(() => this.#write());
    this.#writing = written;
    await written;
    return true;
  }

  #file(): string {
    return join(this.#parts.settings.sharedDirectory, "discovery", "zone.json");
  }

  async #start(): Promise<string> {
    const { engine, settings } = this.#parts;
    const { instance, baseImage, sharedDirectory, sharedVolume } = settings;
    await mkdir(join(sharedDirectory, "discovery"), { recursive: true });
    const before = readZone(await readFile(this.#file(), "utf8").catch(() => ""));
    this.#serial = Math.max(this.#serial, before?.serial ?? 0);
    await ensurePlatformNetwork(engine, instance);
    const mount =
      sharedVolume === undefined
        ? ({ kind: "bind", source: sharedDirectory } as const)
        : ({ kind: "volume", source: sharedVolume } as const);
    const container = await ensurePlatformContainer(
      this.#parts,
      {
        name: this.container,
        image: baseImage,
        labels: { [labelNames.instance]: instance, [labelNames.role]: "discovery", [editionLabel]: edition },
        command: ["node", platformProgram, "names"],
        network: { kind: "network", name: platformNetworkName(instance) },
        mounts: [{ ...mount, target: "/shared", readOnly: true }],
        restart: "always",
        stopTimeout: 1,
      },
      "with-program",
    );
    // One that had to be made anew is in no network but the platform's.
    for (const [network, address] of this.#networks) await this.#connect(network, address);
    const address = container.addresses[platformNetworkName(instance)];
    if (address === undefined) throw new Error("The name server has no address in the platform's network.");
    return address;
  }

  async #write(): Promise<void> {
    const address = await this.ensure();
    this.#serial += 1;
    const merged = new Map<string, ZoneEnvironment>();
    for (const environment of [...this.#names.values()].flat()) {
      const known = merged.get(environment.subnet);
      merged.set(environment.subnet, { ...environment, names: { ...known?.names, ...environment.names } });
    }
    await writeWhole(this.#file(), JSON.stringify({ serial: this.#serial, environments: [...merged.values()] }));
    await this.#answered(address, this.#serial);
  }

  async #answered(address: string, serial: number): Promise<void> {
    const deadline = Date.now() + zonePatience;
    let at = address;
    for (;;) {
      if ((await askSerial(at)) === serial) return;
      if (Date.now() > deadline) throw new Error("The name server does not answer the new names.");
      await pause(50, AbortSignal.timeout(zonePatience));
      // It may have been restarted, and then has another address.
      this.#started = undefined;
      at = await this.ensure();
    }
  }
}
