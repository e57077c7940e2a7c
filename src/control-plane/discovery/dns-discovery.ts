import type { Discovery, DiscoveryState } from "./discovery.ts";
import type { EnvironmentNetworks } from "./environment-networks.ts";
import type { NameServer } from "./name-server.ts";
import type { ZoneEntry, ZoneEnvironment } from "./zone.ts";

/** Discovery by networks with known subnets and a name server of our own in each. */
export class DnsDiscovery implements Discovery {
  readonly #networks: EnvironmentNetworks;
  readonly #names: NameServer;

  constructor(networks: EnvironmentNetworks, names: NameServer) {
    this.#networks = networks;
    this.#names = names;
  }

  async ensureEnvironmentNetwork(application: string, environment: string): Promise<{ networkName: string; dnsAddress: string }> {
    const { networkName, dnsAddress } = await this.#networks.ensure({ application, environment });
    await this.#names.join(networkName, dnsAddress);
    return { networkName, dnsAddress };
  }

  async removeEnvironment(application: string, environment: string): Promise<void> {
    const network = await this.#networks.find({ application, environment });
    if (network === undefined) return;
    await this.#names.leave(network.networkName);
    await this.#networks.remove({ application, environment });
  }

  async apply(state: DiscoveryState): Promise<void> {
    const zones = await Promise.all(
      state.environments.map(async ({ application, environment, names }): Promise<ZoneEnvironment | undefined> => {
        const network = await this.#networks.find({ application, environment });
        if (network === undefined) return undefined;
        const entries = names.map(({ name, addresses, port }): [string, ZoneEntry] => [
          name.toLowerCase(),
          { addresses, ...(port === undefined ? {} : { port }) },
        ]);
        return { subnet: network.subnet, names: Object.fromEntries(entries) };
      }),
    );
    await this.#names.put(
      "discovery",
      zones.filter((zone) => zone !== undefined),
    );
  }
}
