/** The file of an `overrides` folder that holds YAML patches. */
export const PATCH_FILE = "cfn.patches.yml";

/** The file that makes an `overrides` folder a CDK project. */
export const CDK_FILE = "cdk.json";

/** How an `overrides` folder changes a rendered template. */
export type OverrideKind = "none" | "patches" | "cdk";

/** Tells the kind by the names in the folder; patches come first when both are there. */
export function toOverrideKind(fileNames: readonly string[]): OverrideKind {
  if (fileNames.includes(PATCH_FILE)) return "patches";
  return fileNames.includes(CDK_FILE) ? "cdk" : "none";
}
