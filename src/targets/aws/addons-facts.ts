import type { AddonOutputKind } from "../../addons/addon-outputs.ts";
import type { Addons } from "../../addons/load-addons.ts";
import type { AddonsFacts } from "./workload-facts.ts";

/** What a workload gets from its addons, whose template lies at `templateUrl`; that is empty while it is not uploaded. */
export function toAddonsFacts(addons: Addons, templateUrl: string): AddonsFacts {
  const namesOf = (...kinds: readonly AddonOutputKind[]): readonly string[] =>
    addons.outputs.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  return {
    templateUrl,
    variables: namesOf("value", "security-group"),
    secrets: namesOf("secret"),
    policies: namesOf("managed-policy"),
    securityGroups: namesOf("security-group"),
    parameters: addons.parameters,
  };
}
