import type { Engine } from "../engine/engine.ts";
import { labelNames, namePrefix } from "../object-names.ts";

/**
 * The network of an instance's own containers. It sorts before every environment's network, because an engine publishes a container's ports
 * through the first network by name: joining another one must not move them.
 */
export const platformNetworkName = (instance: string): string => `${namePrefix(instance)}-0-platform`;

/** Makes the platform's network unless it is there. */
export async function ensurePlatformNetwork(engine: Engine, instance: string): Promise<string> {
  const name = platformNetworkName(instance);
  if ((await engine.inspectNetwork(name)) === undefined)
    await engine.createNetwork({ name, labels: { [labelNames.instance]: instance, [labelNames.role]: "platform" } });
  return name;
}
