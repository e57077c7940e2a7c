import { join } from "node:path";
import { isAddonFileName } from "../addons/load-addons.ts";
import type { Notice } from "../model/deployment.ts";
import { toOverrideKind } from "../overrides/override-kind.ts";
import type { Files } from "../platform/files.ts";
import type { ExtensionFolders } from "./read-extensions.ts";

/** What stands beside a manifest and goes into CloudFormation only: a notice for a target that has none, nothing when there is nothing. */
export async function noticesOfUnused(
  { addons, overrides }: ExtensionFolders,
  root: string,
  files: Pick<Files, "list">,
): Promise<readonly Notice[]> {
  const namesIn = async (folder: string): Promise<readonly string[]> => (await files.list(join(root, folder))).map(({ name }) => name);
  const [ofAddons, ofOverrides] = await Promise.all([addons === undefined ? [] : namesIn(addons), namesIn(overrides)]);
  const told = [
    ...(addons !== undefined && ofAddons.some(isAddonFileName) ? [`${addons} (what it makes, and its variables, are missing)`] : []),
    ...(toOverrideKind(ofOverrides) === "none" ? [] : [overrides]),
  ];
  if (told.length === 0) return [];
  return [{ type: "notice", level: "warning", message: `Docker has no CloudFormation, and leaves aside ${told.join(" and ")}.` }];
}
