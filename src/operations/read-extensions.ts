import { join } from "node:path";
import { isAddonFileName, type AddonFile } from "../addons/load-addons.ts";
import { PATCH_FILE, toOverrideKind } from "../overrides/override-kind.ts";
import type { Files } from "../platform/files.ts";
import type { Overrides, TemplateExtensions } from "../targets/target.ts";

type Reading = Pick<Files, "list" | "readText">;

/** The folders of what extends a template, from the workspace root. */
export interface ExtensionFolders {
  /** Unset for a pipeline, which has no addons. */
  readonly addons?: string;
  readonly overrides: string;
}

/** Folders of a workload. */
export const workloadExtensions = (workload: string): ExtensionFolders => ({
  addons: `copilot/${workload}/addons`,
  overrides: `copilot/${workload}/overrides`,
});

/** Folders that all environments share. */
export const environmentExtensions: ExtensionFolders = {
  addons: "copilot/environments/addons",
  overrides: "copilot/environments/overrides",
};

/** Folder of a pipeline, whose manifest is in `folder`. */
export const pipelineExtensions = (pipeline: string): ExtensionFolders => ({ overrides: `copilot/pipelines/${pipeline}/overrides` });

/** Reads what stands beside a manifest and goes into its template. */
export async function readExtensions(folders: ExtensionFolders, root: string, files: Reading): Promise<TemplateExtensions> {
  const [addons, overrides] = await Promise.all([
    folders.addons === undefined ? [] : readAddonFiles(folders.addons, root, files),
    readOverrides(folders.overrides, root, files),
  ]);
  return { root, addons, overrides };
}

async function readAddonFiles(folder: string, root: string, files: Reading): Promise<readonly AddonFile[]> {
  const names = (await files.list(join(root, folder))).filter(({ kind, name }) => kind === "file" && isAddonFileName(name));
  return Promise.all(
    names.map(async ({ name }) => ({
      name,
      path: `${folder}/${name}`,
      content: (await files.readText(join(root, folder, name))) ?? "",
    })),
  );
}

async function readOverrides(folder: string, root: string, files: Reading): Promise<Overrides> {
  const entries = await files.list(join(root, folder));
  const kind = toOverrideKind(entries.map(({ name }) => name));
  if (kind === "none") return { kind };
  if (kind === "cdk") return { kind, directory: join(root, folder) };
  const file = `${folder}/${PATCH_FILE}`;
  return { kind, file, text: (await files.readText(join(root, file))) ?? "" };
}
