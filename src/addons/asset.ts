import { createHash } from "node:crypto";
import { zipSync, type Zippable } from "fflate";

/** A file of an asset, as it is on the disk. */
export interface AssetFile {
  /** Below the asset's folder, with slashes; of a single file, its name. */
  readonly path: string;
  /** Permission bits, e.g. `0o644`. */
  readonly mode: number;
  readonly content: Uint8Array;
}

/** Something to upload, and the hash that its key ends in. */
export interface Asset {
  readonly hash: string;
  readonly content: Uint8Array;
}

/** A file as it is. */
export function toFileAsset({ content }: AssetFile): Asset {
  return { hash: createHash("sha256").update(content).digest("hex"), content };
}

/** The earliest time that a zip can tell. */
const FIXED_TIME = new Date(1980, 0, 1);

/** Marks an entry of a zip as made on Unix, whose permission bits are kept. */
const UNIX = 3;

/**
 * Files as a zip. The hash is that of names, permissions and contents, as the original computed it, so that an asset which was uploaded
 * before keeps its key.
 */
export function toZipAsset(files: readonly AssetFile[]): Asset {
  const hash = createHash("sha256");
  const entries: Zippable = {};
  for (const { path, mode, content } of files.toSorted(byWalk)) {
    hash.update(`${path} ${modeText(mode)}`).update(content);
    entries[path] = [content, { mtime: FIXED_TIME, os: UNIX, attrs: ((mode & 0o777) | 0o100000) << 16 }];
  }
  return { hash: hash.digest("hex"), content: zipSync(entries, { level: 9 }) };
}

/** The order in which folders are walked: names sorted in each folder, a folder's files at its name's place. */
function byWalk(a: AssetFile, b: AssetFile): number {
  const [first, second] = [a.path.split("/"), b.path.split("/")];
  for (const [index, name] of first.entries()) {
    const other = second[index];
    if (other === undefined || name !== other) return other === undefined || name > other ? 1 : -1;
  }
  return first.length - second.length;
}

/** E.g. `-rw-r--r--`. */
function modeText(mode: number): string {
  const bits = ["r", "w", "x", "r", "w", "x", "r", "w", "x"];
  return `-${bits.map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : "-")).join("")}`;
}
