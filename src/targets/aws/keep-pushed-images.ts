import type { StackContent } from "./cloudformation/diff/evaluate.ts";

/**
 * A compiled stack with the main image that is deployed, where its own has no reference because it was not built. Without it, each
 * comparison would tell that the image goes away. Images of sidecars stand in the template and are compared as they are.
 */
export function keepPushedImages(deployed: StackContent | undefined, wanted: StackContent): StackContent {
  const before = deployed?.parameters["ContainerImage"];
  if (before === undefined || (wanted.parameters["ContainerImage"] ?? "") !== "") return wanted;
  return { ...wanted, parameters: { ...wanted.parameters, ContainerImage: before } };
}
