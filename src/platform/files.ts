import { readFileSync } from "node:fs";
import { access, readdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Problem } from "../model/problem.ts";
import { makeFolder, writeWhole } from "./write-whole.ts";

/** One entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
}

/** Files of this machine. What does not exist is `undefined` or empty; every other refusal is a `Problem` named `file-failed`. */
export interface Files {
  readonly exists: (path: string) => Promise<boolean>;
  readonly kindOf: (path: string) => Promise<FolderEntry["kind"] | undefined>;
  readonly readText: (path: string) => Promise<string | undefined>;
  readonly readTextNow: (path: string) => string | undefined;
  /** Entries by name. */
  readonly list: (folder: string) => Promise<readonly FolderEntry[]>;
  /** Writes a file with the folders it needs; one that exists is left alone. */
  readonly create: (path: string, text: string) => Promise<"created" | "exists">;
  /** Writes a file with the folders it needs, whole or not at all, in the place of what was there. */
  readonly write: (path: string, text: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  /** Removes a folder that has nothing in it. */
  readonly removeEmptyFolder: (path: string) => Promise<void>;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
const isTaken = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";

/** What the system refuses is something that a person can put right; its own words may leave out which file it is about. */
function toProblem(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const hint = "look at what is there, who may change it, and how much room the disk has";
  return new Problem("file-failed", `${what}: ${error.message}`, { cause: error, hint });
}

async function telling<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toProblem(error, what);
  }
}

const unlessMissing = <T>(what: string, work: () => Promise<T>): Promise<T | undefined> =>
  telling(what, async () => {
    try {
      return await work();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });

/** The real file system. */
export const nodeFiles: Files = {
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  async kindOf(path) {
    const info = await unlessMissing(`look at ${path}`, () => stat(path));
    return info === undefined ? undefined : info.isFile() ? "file" : info.isDirectory() ? "folder" : "other";
  },
  readText: (path) => unlessMissing(`read ${path}`, () => readFile(path, "utf8")),
  readTextNow(path) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw toProblem(error, `read ${path}`);
    }
  },
  async list(folder) {
    const entries = (await unlessMissing(`list ${folder}`, () => readdir(folder, { withFileTypes: true }))) ?? [];
    return entries
      .map((entry): FolderEntry => ({ name: entry.name, kind: entry.isFile() ? "file" : entry.isDirectory() ? "folder" : "other" }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  },
  create: (path, text) =>
    telling(`write ${path}`, async () => {
      await makeFolder(dirname(path));
      try {
        await writeFile(path, text, { flag: "wx" });
        return "created";
      } catch (error) {
        if (isTaken(error)) return "exists";
        throw error;
      }
    }),
  write: (path, text) => telling(`write ${path}`, () => writeWhole(path, text)),
  remove: (path) => telling(`remove ${path}`, () => rm(path, { force: true })),
  removeEmptyFolder: (path) =>
    telling(`remove ${path}`, async () => {
      const entries = await unlessMissing(`list ${path}`, () => readdir(path));
      if (entries?.length === 0) await rmdir(path);
    }),
};
