import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { writeWhole } from "../platform/write-whole.ts";
import type { ContextEntry } from "./build-context.ts";

type FileEntry = Extract<ContextEntry, { readonly kind: "file" }>;

/** Size, time, inode and SHA-256 of a file as it was when it was last read. */
type Known = readonly [size: number, changedMs: number, inode: number, sha256: string];

/** SHA-256 of files, read only when size, time or inode say that they may have changed. */
export interface FileHashes {
  /** In the order of the files given. */
  of(context: string, files: readonly FileEntry[]): Promise<readonly string[]>;
}

/** Files that were written so shortly before being read may be written again within the same tick of the clock: they are not remembered. */
const settledAfterMs = 2_000;
/** Files that are read at once. */
const width = 16;

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), hash);
  return hash.digest("hex");
}

const isKnown = (value: unknown): value is Known =>
  Array.isArray(value) &&
  value.length === 4 &&
  value.every((part, index) => (index === 3 ? typeof part === "string" : typeof part === "number"));

async function readKnown(file: string): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof value === "object" && value !== null)
      for (const [path, entry] of Object.entries(value)) if (isKnown(entry)) known.set(path, entry);
  } catch {
    // A cache that cannot be read is an empty one.
  }
  return known;
}

async function writeKnown(file: string, known: ReadonlyMap<string, Known>): Promise<void> {
  try {
    await writeWhole(file, JSON.stringify(Object.fromEntries(known)));
  } catch {
    // Without a cache the next run only takes longer.
  }
}

/** Does `work` for each item, at most so many at once, and gives the results in order. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** File hashes remembered in a folder of the user's cache, one file for each context. Nothing is written when nothing changed. */
export function cachedFileHashes(cacheDirectory: string, now: () => number): FileHashes {
  return {
    async of(context, files) {
      const cache = join(cacheDirectory, "file-hashes", `${createHash("sha256").update(context).digest("hex").slice(0, 20)}.json`);
      const before = await readKnown(cache);
      const after = new Map<string, Known>();
      let changed = false;
      const hashes = await inParallel(files, async ({ path, size, changedMs, inode }) => {
        const known = before.get(path);
        const same = known !== undefined && known[0] === size && known[1] === changedMs && known[2] === inode;
        if (known !== undefined && same) {
          after.set(path, known);
          return known[3];
        }
        const sha256 = await hashFile(join(context, path));
        if (now() - changedMs > settledAfterMs) {
          after.set(path, [size, changedMs, inode, sha256]);
          changed = true;
        }
        return sha256;
      });
      // What is gone is dropped along with the next change.
      if (changed) await writeKnown(cache, after);
      return hashes;
    },
  };
}
