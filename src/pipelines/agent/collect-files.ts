import { createReadStream } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { basename, isAbsolute, join, posix, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Writable } from "node:stream";
import picomatch from "picomatch";
import { pack, type Pack } from "tar-stream";
import type { FileSet } from "../buildspec/buildspec.ts";

/** A file that was found, and the name under which it is kept. */
export interface CollectedFile {
  readonly path: string;
  readonly name: string;
}

/**
 * Files of a set, in the order of their names. Patterns are CodeBuild's: `*` stays in a folder, `**` does not, a folder's name alone means
 * what is in it. Empty when nothing matches or the base directory is missing.
 */
export async function collectFiles(set: FileSet, sourceDirectory: string): Promise<readonly CollectedFile[]> {
  const base = await findBase(set.baseDirectory, sourceDirectory);
  if (base === undefined) return [];
  const patterns = set.files.flatMap((file) => toPatterns(file, base));
  const wanted = picomatch(patterns, { dot: true });
  const excluded =
    set.excludePaths.length === 0
      ? () => false
      : picomatch(
          set.excludePaths.flatMap((file) => toPatterns(file, base)),
          { dot: true },
        );
  const found = new Map<string, CollectedFile>();
  for (const root of searchRoots(patterns, base)) {
    for await (const path of walk(root)) {
      const name = toPosix(relative(base, path));
      if (wanted(name) && !excluded(name))
        found.set(path, { path, name: set.discardPaths ? basename(path) : name.replace(/^(?:\.\.\/)+/, "") });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Files anywhere in the container that a cache's paths mean; names are absolute paths without the first slash. */
export async function collectCache(paths: readonly string[], sourceDirectory: string): Promise<readonly CollectedFile[]> {
  const files: CollectedFile[] = [];
  for (const path of paths) {
    const absolute = toPosix(isAbsolute(path) ? path : join(sourceDirectory, path));
    const fixed = fixedPart(absolute);
    const wanted = picomatch([absolute, `${absolute.replace(/\/$/, "")}/**`], { dot: true });
    for await (const file of walk(fixed)) if (wanted(toPosix(file))) files.push({ path: file, name: toPosix(file).slice(1) });
  }
  return files;
}

/** Writes the files as a tar archive; links stay links when `keepLinks` says so. */
export async function writeArchive(files: readonly CollectedFile[], output: Writable, keepLinks: boolean): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, output);
  for (const file of files) await addFile(archive, file, keepLinks);
  archive.finalize();
  await written;
}

async function addFile(archive: Pack, { path, name }: CollectedFile, keepLinks: boolean): Promise<void> {
  const link = await lstat(path);
  if (keepLinks && link.isSymbolicLink()) {
    archive.entry({ name, type: "symlink", linkname: await readlink(path), mode: 0o777 });
    return;
  }
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() !== true) return;
  const entry = archive.entry({ name, size: info.size, mode: info.mode & 0o777, mtime: info.mtime });
  if (info.size === 0) entry.end(Buffer.alloc(0));
  else await pipeline(createReadStream(path, { end: info.size - 1 }), entry);
}

async function findBase(baseDirectory: string | undefined, sourceDirectory: string): Promise<string | undefined> {
  if (baseDirectory === undefined) return sourceDirectory;
  const path = resolve(sourceDirectory, baseDirectory);
  if (!picomatch.scan(baseDirectory).isGlob) return path;
  const wanted = picomatch(toPosix(path), { dot: true });
  for await (const folder of walkFolders(fixedPart(toPosix(path)))) if (wanted(toPosix(folder))) return folder;
  return undefined;
}

function toPatterns(file: string, base: string): readonly string[] {
  const path = toPosix(isAbsolute(file) ? relative(base, file) : file).replace(/^\.\//, "");
  const pattern = posix.normalize(path === "" ? "." : path).replace(/\/$/, "");
  if (pattern === ".") return ["**"];
  return picomatch.scan(pattern).isGlob ? [pattern] : [pattern, `${pattern}/**`];
}

/** The folders below which the patterns can match, so that nothing else is read. */
function searchRoots(patterns: readonly string[], base: string): readonly string[] {
  const roots = [...new Set(patterns.map((pattern) => resolve(base, fixedPart(pattern))))].toSorted();
  return roots.filter((root) => !roots.some((other) => other !== root && `${root}/`.startsWith(`${other}/`)));
}

/** The part of a pattern in front of its first wildcard. */
const fixedPart = (pattern: string): string => picomatch.scan(pattern).base || (pattern.startsWith("/") ? "/" : ".");

async function* walk(path: string): AsyncGenerator<string> {
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined) return;
  if (!info.isDirectory()) {
    yield path;
    return;
  }
  for (const entry of await readdir(path)) yield* walk(join(path, entry));
}

async function* walkFolders(path: string): AsyncGenerator<string> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    yield join(path, entry.name);
    yield* walkFolders(join(path, entry.name));
  }
}

const toPosix = (path: string): string => path.replaceAll("\\", "/");
