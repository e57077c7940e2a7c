import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { Problem } from "../model/problem.ts";
import type { AssetReference } from "./asset-references.ts";
import type { Asset, AssetFile } from "./asset.ts";

/** Reads what a reference names, relative to the workspace's root. Throws a `Problem` when it is not there. */
export async function readAsset(workspaceRoot: string, reference: AssetReference): Promise<Asset> {
  const path = resolve(workspaceRoot, reference.path);
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) {
    const place = reference.at === undefined ? "an addon" : `${reference.at.file}:${reference.at.line}`;
    throw new Problem(
      "addon-asset-missing",
      `the addons cannot be packaged: ${place} names ${reference.path}, and ${path} does not exist`,
      {
        hint: "paths are relative to the workspace's root folder",
      },
    );
  }
  const { toFileAsset, toZipAsset } = await import("./asset.ts");
  if (info.isDirectory()) return toZipAsset(await readFolder(path));
  const file = await readAssetFile(path, basename(path));
  return reference.zip ? toZipAsset([file]) : toFileAsset(file);
}

async function readFolder(folder: string): Promise<readonly AssetFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map((path) => readAssetFile(path, relative(folder, path).split(sep).join("/"))));
}

async function readAssetFile(path: string, name: string): Promise<AssetFile> {
  const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
  return { path: name, mode: mode & 0o777, content };
}
