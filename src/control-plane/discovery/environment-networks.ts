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

  /** Removes the network. */
  async remove(key: EnvironmentKey): Promise<void> {
    const name = networkName(this.#instance, key);
    this.#known.delete(name);
    await this.#engine.removeNetwork(name);
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
