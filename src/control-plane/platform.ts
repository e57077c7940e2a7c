import { DnsDiscovery } from "./discovery/dns-discovery.ts";
import type { Discovery } from "./discovery/discovery.ts";
import { EnvironmentNetworks } from "./discovery/environment-networks.ts";
import { NameServer } from "./discovery/name-server.ts";
import type { Engine } from "./engine/engine.ts";
import { CaddyIngress } from "./ingress/caddy-ingress.ts";
import { Forwarders } from "./ingress/forwarders.ts";
import type { Ingress } from "./ingress/ingress.ts";
import type { Settings } from "./settings.ts";

/** The parts of the platform that run in containers of their own. */
export interface Platform {
  readonly ingress: Ingress;
  readonly discovery: Discovery;
}

/** What the platform's containers are made with besides the settings. */
export interface PlatformParts {
  readonly engine: Engine;
  /** Our own program, bundled into one file, which goes into the containers. */
  readonly programFile: string;
  /** Told what went wrong where nobody waits for an answer. */
  readonly warn: (message: string) => void;
}

/** The one place where the instance's ingress and discovery are chosen. */
export function createPlatform(settings: Settings, parts: PlatformParts): Platform {
  const networks = new EnvironmentNetworks(parts.engine, settings.instance);
  const names = new NameServer({ ...parts, settings });
  const forwarders = new Forwarders({ ...parts, settings });
  return {
    ingress: new CaddyIngress({ ...parts, settings, networks, names, forwarders }),
    discovery: new DnsDiscovery(networks, names),
  };
}
