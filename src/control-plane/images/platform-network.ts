import type { Engine } from "../engine/engine.ts";
import { toInstanceNames } from "../../targets/docker/instance-names.ts";
import { labelNames } from "../object-names.ts";

/** The network of an instance's own containers. */
export const platformNetworkName = (instance: string): string => toInstanceNames(instance).network;

/** Makes the platform's network unless it is there. */
export async function ensurePlatformNetwork(engine: Engine, instance: string): Promise<string> {
  const name = platformNetworkName(instance);
  if ((await engine.inspectNetwork(name)) === undefined)
    await engine.createNetwork({ name, labels: { [labelNames.instance]: instance, [labelNames.role]: "platform" } });
  return name;
}
