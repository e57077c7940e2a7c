import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { Problem } from "../../model/problem.ts";

/** How many files a site has and what they weigh. */
export interface SiteSize {
  readonly objects: number;
  readonly bytes: number;
}

/** Files of sites, each set under the SHA-256 of the archive that it came in. */
export interface SiteStore {
  has(artifact: string): Promise<boolean>;
  /** Unpacks an archive. Rejects with a Problem when its bytes are not those that the hash names. Idempotent. */
  put(artifact: string, archive: ReadableStream<Uint8Array> | Readable): Promise<void>;
  size(artifact: string): Promise<SiteSize>;
  /** Keeps an artifact, or one that is about to come, from being pruned until it is released, for an hour at most. */
  reserve(artifact: string): void;
  /** A deployment has ended its use of what was reserved for it: from here on only `used` of {@link prune} keeps it. */
  release(artifact: string): void;
  /** Removes all but those used, which is asked at the last moment, and those reserved. */
  prune(used: () => ReadonlySet<string>): Promise<void>;
}

/** Milliseconds for which what was uploaded waits for its deployment. */
const reservationTime = 3_600_000;

const draftPrefix = ".draft-";
const artifactPattern = /^[0-9a-f]{64}$/;

/** A store in a folder which the ingress serves. A folder appears in it whole or not at all. */
export function createSiteStore(directory: string, now: () => number): SiteStore {
  const place = (artifact: string): string => join(directory, checkedName(artifact));
  const reservedUntil = new Map<string, number>();
  const isReserved = (artifact: string): boolean => (reservedUntil.get(artifact) ?? 0) > now();
  const reserve = (artifact: string): void => void reservedUntil.set(artifact, now() + reservationTime);
  return {
    has: (artifact) => isDirectory(place(artifact)),
    reserve,
    release: (artifact) => void reservedUntil.delete(artifact),
    async put(artifact, archive) {
      reserve(artifact);
      if (await isDirectory(place(artifact))) return;
      await unpack({ directory, artifact, place: place(artifact) }, archive instanceof Readable ? archive : toReadable(archive));
    },
    size: (artifact) => sizeOf(place(artifact)),
    async prune(used) {
      const names = await readdir(directory).catch(() => []);
      const drafts = await Promise.all(
        names.filter(isDraft).map(async (name) => ((await isAbandoned(join(directory, name), now())) ? [name] : [])),
      );
      const kept = used();
      const unused = names.filter((name) => !isDraft(name) && !kept.has(name) && !isReserved(name));
      await Promise.all([...unused, ...drafts.flat()].map((name) => removeWhole(directory, name)));
    },
  };
}

const isDraft = (name: string): boolean => name.startsWith(draftPrefix);
const draftPath = (directory: string): string => join(directory, `${draftPrefix}${randomBytes(6).toString("hex")}`);

/** Whether nobody has worked on a draft for so long that who began it must be gone. */
async function isAbandoned(path: string, now: number): Promise<boolean> {
  return stat(path).then(
    (found) => now - found.mtimeMs > reservationTime,
    () => false,
  );
}

/** Takes a folder out of sight at once, then removes it: who looks meanwhile finds all of it or nothing. */
async function removeWhole(directory: string, name: string): Promise<void> {
  const draft = draftPath(directory);
  const isMoved = await rename(join(directory, name), draft).then(
    () => true,
    () => false,
  );
  if (isMoved) await rm(draft, { recursive: true, force: true });
}

function checkedName(artifact: string): string {
  if (!artifactPattern.test(artifact)) throw new Problem("artifact-invalid", `"${artifact}" names no artifact: it is not a SHA-256 in hex`);
  return artifact;
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

function toReadable(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.from(chunksOf(stream));
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function unpack(
  at: { readonly directory: string; readonly artifact: string; readonly place: string },
  archive: Readable,
): Promise<void> {
  const draft = draftPath(at.directory);
  const tar = `${draft}.tar`;
  await mkdir(draft, { recursive: true });
  try {
    const hash = createHash("sha256");
    await pipeline(
      archive,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(tar),
    );
    const found = hash.digest("hex");
    if (found !== at.artifact)
      throw new Problem("artifact-invalid", `The archive was refused: its SHA-256 is ${found}, not ${at.artifact}`);
    await extractFiles(tar, draft);
    await rename(draft, at.place).catch(async (error: NodeJS.ErrnoException) => {
      // Someone else unpacked the same archive in the meantime.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await Promise.all([rm(draft, { recursive: true, force: true }), rm(tar, { force: true })]);
  }
}

/** Takes plain files only: a link could lead out of the folder. */
async function extractFiles(tar: string, directory: string): Promise<void> {
  const unpacking = extract();
  const source = createReadStream(tar);
  source.on("error", (error) => unpacking.destroy(error));
  source.pipe(unpacking);
  for await (const entry of unpacking) {
    const path = normalize(join(directory, entry.header.name));
    if (entry.header.type === "file" && path.startsWith(directory + sep)) {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry, createWriteStream(path));
    } else entry.resume();
  }
}

async function sizeOf(path: string): Promise<SiteSize> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { objects: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
