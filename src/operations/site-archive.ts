import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, posix, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { pack } from "tar-stream";
import { Problem } from "../model/problem.ts";
import { settleAll } from "../model/settle-all.ts";
import type { SiteSpec } from "../model/workload-spec.ts";
import type { SiteAssets } from "../targets/target.ts";

/** A file of a site: where it is, and the path it is served at. */
interface SiteFile {
  readonly path: string;
  readonly key: string;
  readonly size: number;
}

/** A site's files as one tar archive. The same files give the same archive, whoever owns them and whenever they were written. */
export async function createSiteArchive(site: SiteSpec, root: string): Promise<SiteAssets> {
  const files = await listSiteFiles(site, root);
  const hash = createHash("sha256");
  for await (const chunk of archive(files)) hash.update(chunk);
  const entries = files.map(({ key, path }) => ({ key, read: () => readFile(path) }));
  return { sha256: hash.digest("hex"), files: files.length, archive: () => archive(files), entries };
}

async function listSiteFiles(site: SiteSpec, root: string): Promise<readonly SiteFile[]> {
  const found = new Map<string, SiteFile>();
  for (const file of (await settleAll(site.files.map((entry) => listEntry(entry, root)))).flat()) found.set(file.key, file);
  return [...found.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function listEntry(entry: SiteSpec["files"][number], root: string): Promise<readonly SiteFile[]> {
  const source = resolve(root, entry.source);
  const inside = relative(root, source);
  if (inside === ".." || inside.startsWith(`..${sep}`)) throw outside(entry.source);
  const info = await stat(source).catch((cause: unknown) => {
    throw new Problem("site-source-missing", `read the site's files: ${entry.source} is not there`, {
      cause,
      hint: "correct files.source in the manifest",
    });
  });
  if (!info.isDirectory()) return [{ path: source, key: keyOfFile(entry.destination, source), size: info.size }];
  const names = await readdir(source, { recursive: entry.recursive });
  const isExcluded = toMatcher(entry.exclude);
  const isReincluded = toMatcher(entry.reinclude);
  const wanted = names.map((name) => name.split(sep).join("/")).filter((name) => !isExcluded(name) || isReincluded(name));
  const files = await Promise.all(wanted.map(async (name) => ({ name, info: await stat(join(source, name)) })));
  return files
    .filter((file) => file.info.isFile())
    .map((file) => ({ path: join(source, file.name), key: posix.join(entry.destination, file.name), size: file.info.size }));
}

/** Where a single file is served: at the destination itself, as it always was; below it when it is written as a folder or left out. */
const keyOfFile = (destination: string, source: string): string =>
  destination === "" || destination.endsWith("/") ? posix.join(destination, basename(source)) : posix.normalize(destination);

const outside = (source: string): Problem =>
  new Problem("site-source-outside", `read the site's files: ${source} is outside of the workspace`, {
    hint: "move it into the workspace",
  });

const toMatcher = (patterns: readonly string[]): ((name: string) => boolean) =>
  patterns.length === 0 ? () => false : picomatch([...patterns], { dot: true });

async function* archive(files: readonly SiteFile[]): AsyncGenerator<Uint8Array, void, undefined> {
  const tar = pack();
  const writing = write(tar, files);
  // A failure while writing ends the reading below with the same error.
  writing.catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of tar) if (chunk instanceof Uint8Array) yield chunk;
  await writing;
}

async function write(tar: ReturnType<typeof pack>, files: readonly SiteFile[]): Promise<void> {
  for (const { path, key, size } of files) {
    await new Promise<void>((resolve, reject) => {
      const entry = tar.entry({ name: key, size, mode: 0o644, mtime: new Date(0) }, (error) => (error ? reject(error) : resolve()));
      createReadStream(path).on("error", reject).pipe(entry);
    });
  }
  tar.finalize();
}
