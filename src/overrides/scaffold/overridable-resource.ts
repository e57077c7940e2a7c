import { isJsonObject, type JsonObject } from "../../targets/aws/cloudformation/json.ts";

/** A resource of a rendered template that a person may want to change. */
export interface OverridableResource {
  readonly logicalId: string;
  /** E.g. `AWS::ECS::Service`. */
  readonly type: string;
}

/** The resources of a template by logical ID, for the question which of them to change. */
export function readOverridableResources(template: JsonObject): readonly OverridableResource[] {
  const resources = template["Resources"];
  if (!isJsonObject(resources)) return [];
  return Object.entries(resources)
    .flatMap(([logicalId, resource]) => {
      const type = isJsonObject(resource) ? resource["Type"] : undefined;
      return typeof type === "string" ? [{ logicalId, type }] : [];
    })
    .toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}
