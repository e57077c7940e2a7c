import { dirname, join } from "node:path";
import { Problem } from "../model/problem.ts";
import { targetNames, type TargetName } from "../model/names.ts";
import type { Files } from "../platform/files.ts";

/** The folder that holds an application's `copilot/` folder. */
export interface Workspace {
  /** Absolute path of the folder above `copilot/`. */
  readonly root: string;
  readonly application: string;
  /** Where the application's records live, when the workspace says so. The original's workspaces do not. */
  readonly target?: TargetName;
}

const summaryFile = ".workspace";

/** The workspace of a folder: the next one upwards that has `copilot/.workspace`. */
export async function findWorkspace(files: Files, folder: string): Promise<Workspace | undefined> {
  const path = join(folder, "copilot", summaryFile);
  const text = await files.readText(path);
  if (text !== undefined) return readSummary(text, folder, path);
  const parent = dirname(folder);
  return parent === folder ? undefined : findWorkspace(files, parent);
}

function readSummary(text: string, root: string, path: string): Workspace {
  const application = field(text, "application");
  if (application === undefined || !/^[\w.-]+$/.test(application))
    throw new Problem(
      "workspace-without-application",
      `read ${path}: ${application === undefined ? "it names no application" : `${JSON.stringify(application)} is no name of an application`}`,
      { hint: "write `application: NAME` into it, or remove it and run `copilot app init`" },
    );
  const written = field(text, "target");
  const target = targetNames.find((name) => name === written);
  if (written !== undefined && target === undefined)
    throw new Problem("workspace-target", `read ${path}: ${JSON.stringify(written)} is no target`, {
      hint: `write ${targetNames.join(" or ")}`,
    });
  return { root, application, ...(target === undefined ? {} : { target }) };
}

/** The value of one top-level key; the file has nothing but short scalars. */
function field(text: string, name: string): string | undefined {
  // Editors of Windows begin a file with a mark of its byte order.
  const match = new RegExp(`^\\uFEFF?${name}:[ \\t]*(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s#"'][^#\\n]*))`, "m").exec(text);
  const value = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim();
  return value === "" ? undefined : value;
}

/** Ties a folder to an application. A workspace that is there must be of the same one. */
export async function createWorkspace(files: Files, workspace: Workspace): Promise<Workspace> {
  const path = join(workspace.root, "copilot", summaryFile);
  const lines = [`application: ${workspace.application}`, ...(workspace.target === "docker" ? ["target: docker"] : [])];
  await files.create(path, `${lines.join("\n")}\n`);
  return workspace;
}

/** Forgets the application; manifests stay. */
export async function deleteWorkspace(files: Files, workspace: Workspace): Promise<void> {
  const folder = join(workspace.root, "copilot");
  await files.remove(join(folder, summaryFile));
  await files.removeEmptyFolder(folder);
}

/** Path of a workload's manifest from the workspace root. */
export const manifestPath = (workload: string): string => `copilot/${workload}/manifest.yml`;

/** Path of an environment's manifest from the workspace root. */
export const environmentManifestPath = (environment: string): string => `copilot/environments/${environment}/manifest.yml`;

/** A manifest that is there. */
export interface ManifestFile {
  /** Path from the workspace root. */
  readonly path: string;
  readonly text: string;
}

const notWorkloads = new Set(["environments", "pipelines"]);

/** Every workload's manifest, by folder. */
export async function listWorkloadManifests(files: Files, root: string): Promise<readonly ManifestFile[]> {
  const folders = await files.list(join(root, "copilot"));
  const names = folders.filter(({ kind, name }) => kind === "folder" && !notWorkloads.has(name)).map(({ name }) => name);
  return readManifests(files, root, names.map(manifestPath));
}

/** Names of the environments that have a manifest here. */
export async function listEnvironmentNames(files: Files, root: string): Promise<readonly string[]> {
  const folders = await files.list(join(root, "copilot", "environments"));
  const names = folders.filter(({ kind }) => kind === "folder").map(({ name }) => name);
  const found = await Promise.all(names.map((name) => files.exists(join(root, environmentManifestPath(name)))));
  return names.filter((_, index) => found[index] === true);
}

async function readManifests(files: Files, root: string, paths: readonly string[]): Promise<readonly ManifestFile[]> {
  const texts = await Promise.all(paths.map((path) => files.readText(join(root, path))));
  return paths.flatMap((path, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ path, text }];
  });
}
