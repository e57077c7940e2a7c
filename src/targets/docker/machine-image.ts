import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, lstat, readFile, readlink, realpath } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { pack, type Pack } from "tar-stream";

const run = promisify(execFile);

/** What an image made from this machine holds. */
export interface MachineImageContents {
  /** Programs by the path that they get in the image, each with the file of this machine that it is. Their libraries come along. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files of this machine that are taken as they are, at the same path. Missing ones are left out. */
  readonly files: readonly string[];
  /** Small files by path. */
  readonly texts: Readonly<Record<string, string>>;
}

/** One entry of the image's file system; directories are implied. */
export type ImageEntry =
  | { readonly path: string; readonly kind: "file"; readonly source: string; readonly mode: number }
  | { readonly path: string; readonly kind: "text"; readonly text: string }
  | { readonly path: string; readonly kind: "link"; readonly target: string };

/** The libraries that `ldd` lists: absolute paths, the loader among them. A static program has none. */
export function readLddOutput(output: string): readonly string[] {
  const paths = new Set<string>();
  for (const line of output.split("\n")) {
    const match = /(?:=>\s*)?(\/\S+)\s+\(0x[0-9a-f]+\)/.exec(line);
    if (match?.[1] !== undefined) paths.add(match[1]);
  }
  return [...paths];
}

/** The libraries that `ldd` names but the machine does not have. */
export function missingLibraries(output: string): readonly string[] {
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? "");
}

/** The file that a program name means on the PATH given; `undefined` when there is none. */
export async function findProgram(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter)) {
    const file = join(directory, name);
    try {
      await access(file, constants.X_OK);
      return await realpath(file);
    } catch {
      continue;
    }
  }
  return undefined;
}

async function libraries(program: string): Promise<readonly string[]> {
  const output = await run("ldd", [program], { env: { LC_ALL: "C", PATH: process.env["PATH"] } }).then(
    ({ stdout }) => stdout,
    (error: unknown) => {
      // A static program makes ldd fail, and has no libraries.
      if (error instanceof Error && "stderr" in error && /not a dynamic executable/.test(String(error.stderr))) return "";
      throw error;
    },
  );
  const absent = missingLibraries(output);
  if (absent.length > 0) throw new Error(`${program} needs ${absent.join(", ")}, which this machine does not have`);
  return readLddOutput(output);
}

/** Top-level folders that a merged `/usr` makes links of; the loader's path goes through one. */
const mergedFolders = ["/bin", "/sbin", "/lib", "/lib64"];

/** Everything that the image will hold, sorted by path: the same machine gives the same list. */
export async function listImageEntries(contents: MachineImageContents): Promise<readonly ImageEntry[]> {
  const entries = new Map<string, ImageEntry>();
  for (const folder of mergedFolders) {
    const status = await lstat(folder).catch(() => undefined);
    if (status?.isSymbolicLink() === true) entries.set(folder, { path: folder, kind: "link", target: await readlink(folder) });
  }
  const add = async (path: string, source: string, mode: number): Promise<void> => {
    const merged = mergedFolders.find((folder) => entries.has(folder) && path.startsWith(`${folder}/`));
    const place = merged === undefined ? path : `/usr${path}`;
    entries.set(place, { path: place, kind: "file", source: await realpath(source), mode });
  };
  for (const [path, program] of Object.entries(contents.programs)) {
    await add(path, program, 0o755);
    for (const library of await libraries(program)) await add(library, library, 0o755);
  }
  for (const file of contents.files) {
    const present = await access(file).then(
      () => true,
      () => false,
    );
    if (present) await add(file, file, 0o644);
  }
  for (const [path, text] of Object.entries(contents.texts)) entries.set(path, { path, kind: "text", text });
  return [...entries.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The directories above the entries, parents first. */
export function impliedDirectories(paths: readonly string[]): readonly string[] {
  const directories = new Set<string>();
  for (const path of paths)
    for (let directory = dirname(path); directory !== "/" && directory !== "."; directory = dirname(directory)) directories.add(directory);
  return [...directories].toSorted();
}

const epoch = new Date(0);

function writeEntry(archive: Pack, header: { name: string; mode: number; linkname?: string }, body: Buffer | undefined): Promise<void> {
  const type = header.linkname !== undefined ? "symlink" : body === undefined ? "directory" : "file";
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => (error === undefined || error === null ? resolve() : reject(error));
    const options = { ...header, type, mtime: epoch, uid: 0, gid: 0 } as const;
    if (body === undefined || type !== "file") archive.entry(options, done);
    else archive.entry(options, body, done);
  });
}

/** A tar archive of the entries with fixed owners and times, so that equal files make an equal image. */
export async function* packImage(entries: readonly ImageEntry[]): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const write = async (): Promise<void> => {
    for (const directory of impliedDirectories(entries.map(({ path }) => path)))
      await writeEntry(archive, { name: directory.slice(1), mode: 0o755 }, undefined);
    await writeEntry(archive, { name: "tmp", mode: 0o1777 }, undefined);
    for (const entry of entries) {
      const name = entry.path.slice(1);
      if (entry.kind === "link") await writeEntry(archive, { name, mode: 0o777, linkname: entry.target }, undefined);
      else if (entry.kind === "text") await writeEntry(archive, { name, mode: 0o644 }, Buffer.from(entry.text));
      else await writeEntry(archive, { name, mode: entry.mode }, await readFile(entry.source));
    }
    archive.finalize();
  };
  write().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of archive) if (chunk instanceof Uint8Array) yield chunk;
}

/** The users, groups and name service that programs of the C library expect to find. */
export const systemFiles: Readonly<Record<string, string>> = {
  "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
  "/etc/group": "root:x:0:\nnogroup:x:65534:\n",
  "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
  "/root/.keep": "",
};

/** Where a program of this machine goes in an image: ordinary places keep their path, all others go to `/usr/local/bin`. */
export function imagePathOf(program: string): string {
  return /^\/(usr\/)?(local\/)?s?bin\//.test(program) ? program : `/usr/local/bin/${basename(program)}`;
}
