import { createHash } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import { EngineError, type Engine } from "../engine/engine.ts";
import { environmentLabels, labelNames, networkName, type EnvironmentKey } from "../object-names.ts";
import { dnsAddressIn, subnetCount, toEnvironmentSubnet } from "./environment-subnet.ts";

/** An environment's network as it is on the engine. */
export interface KnownNetwork {
  readonly networkName: string;
  readonly subnet: string;
  readonly dnsAddress: string;
}

const overlaps = (error: unknown): boolean => error instanceof EngineError && /overlap|conflicts with|invalid pool/i.test(error.message);

/** Removes networks of environments that are no more, as far as the engine lets go of them. */
export async function removeUnusedNetworks(
  engine: Pick<Engine, "listNetworks" | "removeNetwork">,
  instance: string,
  isUsed: (key: EnvironmentKey) => boolean,
): Promise<void> {
  const networks = await engine.listNetworks({ [labelNames.instance]: instance, [labelNames.role]: "network" });
  for (const { name, labels } of networks) {
    const key = { application: labels[labelNames.application] ?? "", environment: labels[labelNames.environment] ?? "" };
    if (!isUsed(key)) await engine.removeNetwork(name).catch(() => undefined);
  }
}

/** The networks of an instance's environments, remembered once seen: they do not change while they exist. */
export class EnvironmentNetworks {
  readonly #engine: Engine;
  readonly #instance: string;
  readonly #known = new Map<string, Promise<KnownNetwork | undefined>>();

  constructor(engine: Engine, instance: string) {
    this.#engine = engine;
    this.#instance = instance;
  }

  /** The network, which is made where it is not there. */
  async ensure(key: EnvironmentKey): Promise<KnownNetwork> {
    const found = (await this.find(key)) ?? (await this.#remember(key, () => this.#create(key)));
    if (found === undefined) throw new Error("A network that was made has a subnet.");
    return found;
  }

  /** The network, or `undefined` where there is none. */
  async find(key: EnvironmentKey): Promise<KnownNetwork | undefined> {
    const name = networkName(this.#instance, key);
    const known = await this.#known.get(name);
    return known ?? this.#remember(key, () => this.#inspect(name));
  }

  /**
   * Removes the network. Rejects with a Problem that names the containers of others which are in it. An engine that counts endpoints wrongly,
   * as 20.10 may after many ended at once, keeps an empty network until it is restarted: that one is left for {@link removeUnusedNetworks}.
   */
  async remove(key: EnvironmentKey): Promise<void> {
    const name = networkName(this.#instance, key);
    this.#known.delete(name);
    try {
      await this.#engine.removeNetwork(name);
    } catch (error) {
      if (!(error instanceof EngineError && /has active endpoints/.test(error.message))) throw error;
      const users = (await this.#engine.inspectNetwork(name))?.containerIds ?? [];
      if (users.length > 0) throw await this.#inUse(name, users, error);
    }
  }

  async #inUse(network: string, ids: readonly string[], cause: unknown): Promise<Problem> {
    const names = await Promise.all(ids.map(async (id) => (await this.#engine.inspectContainer(id))?.name ?? id.slice(0, 12)));
    return new Problem(
      "network-in-use",
      `The network ${network} cannot be deleted: the container ${names.join(", ")} is in it, which is not ours`,
      {
        hint: `docker network disconnect --force ${network} ${names[0] ?? ""}`,
        cause,
      },
    );
  }

  #remember(key: EnvironmentKey, make: () => Promise<KnownNetwork | undefined>): Promise<KnownNetwork | undefined> {
    const name = networkName(this.#instance, key);
    const made = make();
    this.#known.set(name, made);
    made.catch(() => this.#known.delete(name));
    return made;
  }

  async #inspect(name: string): Promise<KnownNetwork | undefined> {
    const network = await this.#engine.inspectNetwork(name);
    const subnet = network?.subnets.find((range) => !range.subnet.includes(":"))?.subnet;
    return subnet === undefined ? undefined : { networkName: name, subnet, dnsAddress: dnsAddressIn(subnet) };
  }

  /** Two engines on one host do not see each other's subnets: each begins its search elsewhere. */
  async #firstSubnet(): Promise<number> {
    const { id } = await this.#engine.info();
    return createHash("sha256").update(`${id} ${this.#instance}`).digest().readUInt16BE(0) % subnetCount;
  }

  async #create(key: EnvironmentKey): Promise<KnownNetwork> {
    const name = networkName(this.#instance, key);
    const first = await this.#firstSubnet();
    for (let attempt = 0; attempt < subnetCount; attempt++) {
      const { subnet, gateway, range, dnsAddress } = toEnvironmentSubnet(first + attempt);
      const labels = { ...environmentLabels(this.#instance, key), [labelNames.role]: "network" };
      try {
        await this.#engine.createNetwork({ name, labels, addresses: { subnet, gateway, range } });
        return { networkName: name, subnet, dnsAddress };
      } catch (error) {
        if (!overlaps(error)) throw error;
      }
    }
    throw new Problem("no-subnet", `The environment ${key.environment} has no network: every subnet of 10.222.0.0/13 is taken`, {
      hint: "docker network prune",
    });
  }
}
