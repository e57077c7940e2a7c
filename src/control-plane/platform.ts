import type { Discovery } from "./discovery/discovery.ts";
import type { Engine } from "./engine/engine.ts";
import type { Ingress } from "./ingress/ingress.ts";
import { environmentLabels, labelNames, networkName } from "./object-names.ts";
import type { Settings } from "./settings.ts";

/** The parts of the platform that run in containers of their own. */
export interface Platform {
  readonly ingress: Ingress;
  readonly discovery: Discovery;
}

/** The one place where the instance's ingress and discovery are chosen. */
export function createPlatform(settings: Settings, engine: Engine): Platform {
  return { ingress: new UnroutedIngress(), discovery: createNetworkDiscovery(settings.instance, engine) };
}

/** Gives environments their ports; requests are not taken anywhere. */
class UnroutedIngress implements Ingress {
  readonly #ports = new Map<string, number>();
  ensureEnvironment({
    application,
    environment,
    port,
  }: Parameters<Ingress["ensureEnvironment"]>[0]): ReturnType<Ingress["ensureEnvironment"]> {
    const id = `${application}/${environment}`;
    const given = this.#ports.get(id) ?? port ?? 40_000 + this.#ports.size;
    this.#ports.set(id, given);
    return Promise.resolve({ port: given, urls: [`http://localhost:${given}`] });
  }
  removeEnvironment({ application, environment }: Parameters<Ingress["removeEnvironment"]>[0]): Promise<void> {
    this.#ports.delete(`${application}/${environment}`);
    return Promise.resolve();
  }
  apply(): Promise<void> {
    return Promise.resolve();
  }
  urls(environment: Parameters<Ingress["urls"]>[0], workload: Parameters<Ingress["urls"]>[1]): readonly string[] {
    return workload.http ? [`http://localhost:${environment.port}`] : [];
  }
  activeRequests(): Promise<number> {
    return Promise.resolve(0);
  }
}

/** Makes the environments' networks; names are the engine's. */
function createNetworkDiscovery(instance: string, engine: Engine): Discovery {
  const making = new Map<string, Promise<void>>();
  const make = async (name: string, key: { readonly application: string; readonly environment: string }): Promise<void> => {
    if (await engine.inspectNetwork(name)) return;
    await engine.createNetwork({ name, labels: { ...environmentLabels(instance, key), [labelNames.role]: "network" } });
  };
  return {
    async ensureEnvironmentNetwork(application, environment) {
      const name = networkName(instance, { application, environment });
      const made = making.get(name) ?? make(name, { application, environment });
      making.set(name, made);
      made.catch(() => making.delete(name));
      await made;
      return { networkName: name, dnsAddress: "127.0.0.1" };
    },
    async removeEnvironment(application, environment) {
      const name = networkName(instance, { application, environment });
      making.delete(name);
      await engine.removeNetwork(name);
    },
    apply: () => Promise.resolve(),
  };
}
