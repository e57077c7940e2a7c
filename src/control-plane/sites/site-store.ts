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
  /** Removes all but these. */
  prune(used: ReadonlySet<string>): Promise<void>;
}

const artifactPattern = /^[0-9a-f]{64}$/;

/** A store in a folder which the ingress serves. A folder appears in it whole or not at all. */
export function createSiteStore(directory: string): SiteStore {
  const place = (artifact: string): string => join(directory, checkedName(artifact));
  return {
    has: (artifact) => isDirectory(place(artifact)),
    async put(artifact, archive) {
      if (await isDirectory(place(artifact))) return;
      await unpack({ directory, artifact, place: place(artifact) }, archive instanceof Readable ? archive : toReadable(archive));
    },
    size: (artifact) => sizeOf(place(artifact)),
    async prune(used) {
      const names = await readdir(directory).catch(() => []);
      await Promise.all(names.filter((name) => !used.has(name)).map((name) => rm(join(directory, name), { recursive: true, force: true })));
    },
  };
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
  const draft = join(at.directory, `.draft-${randomBytes(6).toString("hex")}`);
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
