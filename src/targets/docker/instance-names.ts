import { Problem } from "../../model/problem.ts";

/** The instance where `COPILOT_INSTANCE` names none. */
export const defaultInstance = "default";

/** What an instance's objects on the engine are called. */
export interface InstanceNames {
  readonly instance: string;
  /** Begins the name of everything: `copilot`, or `copilot.<instance>`. */
  readonly prefix: string;
  readonly controlPlane: string;
  /**
   * The network of the control plane, the ingress and the name server. It sorts before every environment's network, because an engine
   * publishes a container's ports through the first network by name: joining another one must not move them.
   */
  readonly network: string;
  /** Journal, records, secrets: for the control plane alone. */
  readonly stateVolume: string;
  /** What the control plane shares with the ingress and the name server: sites, admin sockets, names. */
  readonly sharedVolume: string;
}

/** The label that every object of an instance carries. */
export const instanceLabel = "copilot.instance";
/** What an object of the platform is for: `control-plane`, `ingress`, `discovery`, `forwarder`. */
export const roleLabel = "copilot.role";
/** Hash of the program in a platform container. */
export const buildLabel = "copilot.build";

/** Version of the product that put a platform container there. */
export const versionLabel = "copilot.version";

/** What comes first in the name of every object of an instance. */
export const namePrefix = (instance: string): string => (instance === defaultInstance ? "copilot" : `copilot.${instance}`);

/** The names of an instance. Rejects a name that an engine could not take. */
export function toInstanceNames(instance: string): InstanceNames {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(instance))
    throw new Problem(
      "instance-name",
      `"${instance}" cannot name an instance: it has up to 31 lower-case letters, digits and hyphens, and begins with no hyphen`,
      { hint: "Set COPILOT_INSTANCE to a name such as `trial`." },
    );
  const prefix = namePrefix(instance);
  return {
    instance,
    prefix,
    controlPlane: `${prefix}-control-plane`,
    network: `${prefix}-0-platform`,
    stateVolume: `${prefix}-state`,
    sharedVolume: `${prefix}-shared`,
  };
}
