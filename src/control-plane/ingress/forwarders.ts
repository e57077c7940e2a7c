import { publicName } from "../../targets/docker/compile/names.ts";
import type { ListenerDocument } from "../../targets/docker/stack-document.ts";
import type { EngineContainer } from "../engine/engine.ts";
import { editionLabel, ensurePlatformContainer, platformProgram, type PlatformContainers } from "../images/platform-container.ts";
import { environmentLabels, labelNames, networkName, type EnvironmentKey } from "../object-names.ts";
import type { Settings } from "../settings.ts";
import { upstreamName, type PlacedEnvironment } from "./caddy-routes.ts";
import { readyLine } from "./forward-program.ts";
import { takenPort } from "./ingress-container.ts";
import type { RoutedEnvironment, RoutedWorkload } from "./ingress.ts";

/** Raised when forwarders made by an older program have to be replaced. */
const edition = "1";
/** Milliseconds for a forwarder to take connections. */
const startPatience = 10_000;
const hostPortLabel = "copilot.host-port";

/** What forwarders are made with. */
export interface ForwarderParts extends PlatformContainers {
  readonly settings: Pick<Settings, "instance" | "baseImage" | "sharedDirectory" | "sharedVolume">;
  /** Told when a port of the host cannot be had. */
  readonly warn: (message: string) => void;
}

/** A listener with all that its container is made from. */
interface Wanted {
  readonly name: string;
  readonly environment: PlacedEnvironment;
  readonly workload: string;
  readonly listener: ListenerDocument;
}

/** Ports of the host that are tried for a listener: its own, then ones that tell which it stands for. */
export const hostPortCandidates = (port: number): readonly number[] =>
  [port, port + 10_000, port + 20_000, port + 30_000].filter((candidate) => candidate < 65_536);

const engineProtocol = ({ protocol }: ListenerDocument): "tcp" | "udp" => (protocol === "udp" ? "udp" : "tcp");

/** Containers of ours that take TCP, TLS and UDP connections at ports of the host to tasks: one for each port of an environment. */
export class Forwarders {
  readonly #parts: ForwarderParts;
  readonly #hostPorts = new Map<string, number>();

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
  }

  /** Makes those that are wanted, and removes all others of the instance. */
  async apply(environments: readonly PlacedEnvironment[]): Promise<void> {
    const wanted = environments.flatMap((environment) => this.#wantedBy(environment));
    const present = await this.#list();
    const names = new Set(wanted.map(({ name }) => name));
    await Promise.all(present.filter(({ name }) => !names.has(name)).map((container) => this.#remove(container)));
    await Promise.all(wanted.map((one) => this.#ensure(one, present)));
  }

  /** Removes all of an environment, so that its network can go. */
  async removeEnvironment({ application, environment }: EnvironmentKey): Promise<void> {
    const present = await this.#list(environmentLabels(this.#parts.settings.instance, { application, environment }));
    await Promise.all(present.map((container) => this.#remove(container)));
  }

  /** Where a workload's listeners answer, as far as they do. */
  urls(environment: RoutedEnvironment, { listeners }: RoutedWorkload): readonly string[] {
    return listeners.flatMap(({ listener }) => {
      const port = this.#hostPorts.get(this.#name(environment, listener));
      return port === undefined ? [] : [`${listener.protocol}://localhost:${port}`];
    });
  }

  #name(environment: EnvironmentKey, listener: ListenerDocument): string {
    return `${networkName(this.#parts.settings.instance, environment)}.port-${listener.port}-${engineProtocol(listener)}`;
  }

  #wantedBy(environment: PlacedEnvironment): readonly Wanted[] {
    return environment.workloads.flatMap(({ workload, listeners }) =>
      listeners.map(({ listener }) => ({ name: this.#name(environment, listener), environment, workload, listener })),
    );
  }

  #list(labels: Readonly<Record<string, string>> = {}): Promise<readonly EngineContainer[]> {
    const { engine, settings } = this.#parts;
    return engine.listContainers({ ...labels, [labelNames.instance]: settings.instance, [labelNames.role]: "forwarder" });
  }

  async #remove({ id, name }: EngineContainer): Promise<void> {
    this.#hostPorts.delete(name);
    await this.#parts.engine.removeContainer(id);
  }

  async #ensure(wanted: Wanted, present: readonly EngineContainer[]): Promise<void> {
    const command = this.#command(wanted);
    const shape = `${edition} ${command.join(" ")}`;
    const found = present.find(({ name }) => name === wanted.name);
    if (found?.state === "running" && found.labels[editionLabel] === shape) {
      this.#hostPorts.set(wanted.name, Number(found.labels[hostPortLabel]));
      return;
    }
    for (const hostPort of hostPortCandidates(wanted.listener.port)) {
      try {
        await this.#start(wanted, { command, shape, hostPort });
        this.#hostPorts.set(wanted.name, hostPort);
        return;
      } catch (error) {
        if (takenPort(error) === undefined) throw error;
        await this.#parts.engine.removeContainer(wanted.name);
      }
    }
    this.#parts.warn(
      `Port ${wanted.listener.port} of ${wanted.workload} answers nowhere: the host has it taken, and those that stand for it.`,
    );
  }

  #command({ workload, listener, environment }: Wanted): readonly string[] {
    const name = publicName({ application: environment.application, environment: environment.environment });
    const target = [upstreamName(workload), String(listener.targetPort), environment.dnsAddress];
    return ["node", platformProgram, "forward", listener.protocol, String(listener.port), ...target, name];
  }

  async #start(
    { name, environment, workload, listener }: Wanted,
    { command, shape, hostPort }: { readonly command: readonly string[]; readonly shape: string; readonly hostPort: number },
  ): Promise<void> {
    const { instance, baseImage, sharedDirectory, sharedVolume } = this.#parts.settings;
    await ensurePlatformContainer(
      this.#parts,
      {
        name,
        image: baseImage,
        labels: {
          ...environmentLabels(instance, environment),
          [labelNames.role]: "forwarder",
          [labelNames.workload]: workload,
          [editionLabel]: shape,
          [hostPortLabel]: String(hostPort),
        },
        command,
        network: { kind: "network", name: networkName(instance, environment) },
        mounts: [
          {
            ...(sharedVolume === undefined ? { kind: "bind", source: sharedDirectory } : { kind: "volume", source: sharedVolume }),
            target: "/shared",
            readOnly: true,
          },
        ],
        ports: [{ containerPort: listener.port, protocol: engineProtocol(listener), hostAddress: "127.0.0.1", hostPort }],
        restart: "always",
        stopTimeout: 1,
      },
      "with-program",
    );
    if (!(await this.#isReady(name))) this.#parts.warn(`${name} does not take connections yet.`);
  }

  /** Waits for the line that a forwarder writes once it listens; false when it takes too long. */
  async #isReady(name: string): Promise<boolean> {
    const signal = AbortSignal.timeout(startPatience);
    try {
      for await (const { message } of this.#parts.engine.containerLogs(name, { follow: true, signal }))
        if (message === readyLine) return true;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return false;
  }
}
