import { join } from "node:path";
import { isAddonFileName, type AddonFile } from "../addons/load-addons.ts";
import { Problem } from "../model/problem.ts";
import type { Notice } from "../model/deployment.ts";
import { CDK_FILE, PATCH_FILE, toOverrideKind } from "../overrides/override-kind.ts";
import type { Files } from "../platform/files.ts";
import type { Overrides, TargetSession, TemplateExtensions } from "../targets/target.ts";

/** What reading extensions needs. */
export interface ReadExtensionsContext {
  readonly session: Pick<TargetSession, "target">;
  readonly files: Pick<Files, "kindOf" | "list" | "readText">;
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly tell: (event: Notice) => void;
}

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

/**
 * Reads what stands beside a manifest and goes into its template; nothing for a target that has none. Throws a `Problem` where there is something
 * in the place of overrides that is none: a template without what was meant to change it must not come out.
 */
export async function readExtensions(folders: ExtensionFolders, context: ReadExtensionsContext): Promise<TemplateExtensions> {
  const [unchanged, overrides] = await Promise.all([readAddons(folders, context), readOverrides(folders.overrides, context)]);
  return { ...unchanged, overrides };
}

/** As {@link readExtensions}, without the overrides. */
export async function readAddons({ addons }: ExtensionFolders, context: ReadExtensionsContext): Promise<TemplateExtensions> {
  const read = addons === undefined || context.session.target !== "aws" ? [] : await readAddonFiles(addons, context);
  return { root: context.root, addons: read, overrides: { kind: "none" } };
}

async function readAddonFiles(folder: string, { root, files, tell }: ReadExtensionsContext): Promise<readonly AddonFile[]> {
  // The original left it aside too, without a word.
  if ((await files.kindOf(join(root, folder))) === "file") {
    tell({
      type: "notice",
      level: "warning",
      message: `${folder} is a file, and is left aside: addons are templates in a folder of that name.`,
    });
    return [];
  }
  const names = (await files.list(join(root, folder))).map(({ name }) => name).filter(isAddonFileName);
  return Promise.all(
    names.map(async (name) => ({
      name,
      path: `${folder}/${name}`,
      content: (await files.readText(join(root, folder, name))) ?? "",
    })),
  );
}

async function readOverrides(folder: string, { session, root, files }: ReadExtensionsContext): Promise<Overrides> {
  const found = session.target === "aws" ? await files.kindOf(join(root, folder)) : undefined;
  if (found === undefined) return { kind: "none" };
  if (found !== "folder") throw noOverrides(folder, "it is a file, and overrides are a folder");
  const kind = toOverrideKind((await files.list(join(root, folder))).map(({ name }) => name));
  if (kind === "none") throw noOverrides(folder, `it has neither ${PATCH_FILE} nor ${CDK_FILE}`);
  if (kind === "cdk") return { kind, directory: join(root, folder) };
  const file = `${folder}/${PATCH_FILE}`;
  return { kind, file, text: (await files.readText(join(root, file))) ?? "" };
}

const noOverrides = (folder: string, why: string): Problem =>
  new Problem("overrides-invalid", `read the overrides in ${folder}: ${why}`, {
    hint: `make it a folder with ${PATCH_FILE} or ${CDK_FILE} in it, or remove it`,
  });
