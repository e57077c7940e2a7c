import { basename, join } from "node:path";

import { Problem } from "../model/problem.ts";
import type { Files } from "../platform/files.ts";

/** The files that manifests are read from. */
export type ManifestReader = Pick<Files, "list" | "readText" | "readTextNow">;

/** Manifests at or under `path`, an absolute path of a file or folder: workloads first, then environments and pipelines. */
export async function findManifests(path: string, reader: ManifestReader): Promise<readonly string[]> {
  if (/\.ya?ml$/.test(path)) {
    if ((await reader.readText(path)) !== undefined) return [path];
    throw new Problem("manifest-not-found", `read ${path}: there is no such file`);
  }
  const candidates = basename(path) === "copilot" ? [path] : [join(path, "copilot"), path];
  for (const folder of candidates) {
    const found = await manifestsUnder(folder, reader);
    if (found.length > 0) return found;
  }
  throw new Problem("manifest-not-found", `look for manifests in ${path}: there are none`, {
    hint: "Name a manifest, or a folder that has a `copilot` folder.",
  });
}

async function manifestsUnder(folder: string, reader: ManifestReader): Promise<readonly string[]> {
  const entries = await reader.list(folder);
  const own = entries
    .filter(({ kind, name }) => kind === "file" && (name === "manifest.yml" || name === "pipeline.yml"))
    .map(({ name }) => join(folder, name));
  if (own.some((path) => basename(path) === "manifest.yml")) return own;
  const groups = entries
    .filter(({ kind, name }) => kind === "folder" && (name === "environments" || name === "pipelines"))
    .map(({ name }) => join(folder, name));
  const workloads = entries
    .filter(
      ({ kind, name }) => kind === "folder" && !groups.includes(join(folder, name)) && !name.startsWith(".") && name !== "node_modules",
    )
    .map(({ name }) => join(folder, name));
  const grouped = await Promise.all(groups.map((group) => manifestsInFolders(group, reader)));
  return [...(await manifestsIn(workloads, reader)), ...own, ...grouped.flat()];
}

async function manifestsInFolders(folder: string, reader: ManifestReader): Promise<readonly string[]> {
  const entries = await reader.list(folder);
  return manifestsIn(
    entries.filter(({ kind }) => kind === "folder").map(({ name }) => join(folder, name)),
    reader,
  );
}

async function manifestsIn(folders: readonly string[], reader: ManifestReader): Promise<readonly string[]> {
  const paths = folders.map((folder) => join(folder, "manifest.yml"));
  const texts = await Promise.all(paths.map((path) => reader.readText(path)));
  return paths.filter((_, index) => texts[index] !== undefined);
}
