import type { Discovery, DiscoveryState, EnvironmentNetwork } from "../../src/control-plane/discovery/discovery.ts";
import type { Engine } from "../../src/control-plane/engine/engine.ts";
import { environmentLabels, labelNames, networkName } from "../../src/control-plane/object-names.ts";

/** A discovery that makes networks on the engine but answers no names; it remembers what it was told. */
export class FakeDiscovery implements Discovery {
  /** Every state that was applied, oldest first. */
  readonly applied: DiscoveryState[] = [];
  readonly #engine: Engine;
  readonly #instance: string;
  readonly #making = new Map<string, Promise<EnvironmentNetwork>>();

  constructor(engine: Engine, instance: string) {
    this.#engine = engine;
    this.#instance = instance;
  }

  ensureEnvironmentNetwork(application: string, environment: string): Promise<EnvironmentNetwork> {
    const name = networkName(this.#instance, { application, environment });
    const making = this.#making.get(name) ?? this.#make(name, { application, environment });
    this.#making.set(name, making);
    making.catch(() => this.#making.delete(name));
    return making;
  }

  async removeEnvironment(application: string, environment: string): Promise<void> {
    const name = networkName(this.#instance, { application, environment });
    this.#making.delete(name);
    await this.#engine.removeNetwork(name);
  }

  apply(state: DiscoveryState): Promise<void> {
    this.applied.push(state);
    return Promise.resolve();
  }

  async #make(name: string, key: { readonly application: string; readonly environment: string }): Promise<EnvironmentNetwork> {
    if ((await this.#engine.inspectNetwork(name)) === undefined) {
      await this.#engine.createNetwork({ name, labels: { ...environmentLabels(this.#instance, key), [labelNames.role]: "network" } });
    }
    return { networkName: name, dnsAddress: "127.0.0.1" };
  }
}
