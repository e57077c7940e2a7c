import { join } from "node:path";
import { isAddonFileName } from "../addons/load-addons.ts";
import { toOverrideKind } from "../overrides/override-kind.ts";
import type { OperationContext } from "./operation-context.ts";
import type { ExtensionFolders } from "./read-extensions.ts";

/** Says on a target without CloudFormation, for each manifest, what stands beside it and goes into CloudFormation only. */
export async function tellUnused(folders: readonly ExtensionFolders[], context: OperationContext): Promise<void> {
  if (context.session.target !== "docker") return;
  const unused = await Promise.all(folders.map((of) => unusedOf(of, context)));
  for (const names of unused)
    if (names.length > 0)
      context.tell({
        type: "notice",
        level: "warning",
        message: `Docker has no CloudFormation, and leaves aside ${names.join(" and ")}.`,
      });
}

async function unusedOf({ addons, overrides }: ExtensionFolders, { root, files }: OperationContext): Promise<readonly string[]> {
  const namesIn = async (folder: string): Promise<readonly string[]> => (await files.list(join(root, folder))).map(({ name }) => name);
  const [ofAddons, ofOverrides] = await Promise.all([addons === undefined ? [] : namesIn(addons), namesIn(overrides)]);
  return [
    ...(addons !== undefined && ofAddons.some(isAddonFileName) ? [`${addons} (what it makes, and its variables, are missing)`] : []),
    ...(toOverrideKind(ofOverrides) === "none" ? [] : [overrides]),
  ];
}
