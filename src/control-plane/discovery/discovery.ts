/** The network of an environment and the address in it that answers names. */
export interface EnvironmentNetwork {
  readonly networkName: string;
  /** Given to every task as its name server. */
  readonly dnsAddress: string;
}

/** One name and the healthy tasks behind it. */
export interface DiscoveredName {
  /** Without a final dot, e.g. `api` or `api.test.shop.local`. */
  readonly name: string;
  /** IPv4 addresses of the tasks which are healthy now. */
  readonly addresses: readonly string[];
  /** The port that the tasks listen on, for SRV records. */
  readonly port?: number;
}

/** The names of one environment. */
export interface DiscoveredEnvironment {
  readonly application: string;
  readonly environment: string;
  readonly names: readonly DiscoveredName[];
}

/** All names of an instance: what is not in it is no longer known. */
export interface DiscoveryState {
  readonly environments: readonly DiscoveredEnvironment[];
}

/** Lets the workloads of an environment find each other by name. */
export interface Discovery {
  /** Makes the environment's network, labelled as of this instance, with its name server. Idempotent. */
  ensureEnvironmentNetwork(application: string, environment: string): Promise<EnvironmentNetwork>;
  /** Removes the network and what answers in it; its tasks are gone by then. Idempotent. */
  removeEnvironment(application: string, environment: string): Promise<void>;
  /** Puts the names in place; resolves once they are answered. Idempotent and cheap when nothing changed; one call at a time. */
  apply(state: DiscoveryState): Promise<void>;
}
