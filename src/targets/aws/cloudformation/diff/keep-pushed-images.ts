import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { section, type StackContent } from "./evaluate.ts";

/**
 * A compiled stack with the images that are deployed, where its own have no reference because they were not built: the main image is a
 * parameter, those of sidecars stand in the template. Without this, each comparison would tell that images go away.
 */
export function keepPushedImages(deployed: StackContent | undefined, wanted: StackContent): StackContent {
  if (deployed === undefined) return wanted;
  const before = deployed.parameters["ContainerImage"];
  const isUnbuilt = before !== undefined && (wanted.parameters["ContainerImage"] ?? "") === "";
  const parameters = isUnbuilt ? { ...wanted.parameters, ContainerImage: before } : wanted.parameters;
  return { template: withSidecarImages(deployed.template, wanted.template), parameters };
}

function withSidecarImages(deployed: JsonObject, wanted: JsonObject): JsonObject {
  const definition = taskDefinitionOf(wanted);
  const unbuilt = containersOf(definition);
  if (definition === undefined || !unbuilt.some(({ Image: image }) => image === "")) return wanted;
  const known = new Map(containersOf(taskDefinitionOf(deployed)).map((container) => [container["Name"], container["Image"]]));
  const containers = unbuilt.map((container) => {
    const image = known.get(container["Name"]);
    return container["Image"] === "" && image !== undefined ? { ...container, Image: image } : container;
  });
  const properties = { ...propertiesOf(definition), ContainerDefinitions: containers };
  const resources = { ...section(wanted, "Resources"), TaskDefinition: { ...definition, Properties: properties } };
  return { ...wanted, Resources: resources };
}

function taskDefinitionOf(template: JsonObject): JsonObject | undefined {
  const definition = section(template, "Resources")["TaskDefinition"];
  return isJsonObject(definition) ? definition : undefined;
}

const propertiesOf = (resource: JsonObject | undefined): JsonObject => {
  const properties: Json | undefined = resource?.["Properties"];
  return isJsonObject(properties) ? properties : {};
};

function containersOf(definition: JsonObject | undefined): readonly JsonObject[] {
  const containers = propertiesOf(definition)["ContainerDefinitions"];
  return Array.isArray(containers) && containers.every(isJsonObject) ? containers : [];
}
