import dockerignore, { type Ignore } from "@balena/dockerignore";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../model/problem.ts";

/** Something in a build context, by its path from there with forward slashes. */
export type ContextEntry =
  | { readonly kind: "directory"; readonly path: string; readonly mode: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly mode: number;
      readonly size: number;
      /** When its text or its owner, mode or times were changed last, which no program can set back. */
      readonly changedMs: number;
      readonly inode: number;
    };

interface IgnoreRules {
  readonly rules: Ignore;
  /** Whether a rule takes files back in, so that ignored folders have to be looked through. */
  readonly hasExceptions: boolean;
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The rules of `<Dockerfile>.dockerignore`, which goes first as in BuildKit, or of the context's `.dockerignore`. */
async function readIgnoreRules(context: string, dockerfile: string): Promise<IgnoreRules> {
  const text = (await readIfPresent(`${dockerfile}.dockerignore`)) ?? (await readIfPresent(join(context, ".dockerignore"))) ?? "";
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  return {
    rules: dockerignore.default({ ignorecase: false }).add(lines),
    hasExceptions: lines.some((line) => line.trim().startsWith("!")),
  };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

async function list(context: string, folder: string, ignore: IgnoreRules): Promise<readonly ContextEntry[]> {
  const found = (await readdir(join(context, folder), { withFileTypes: true })).toSorted(byName);
  const parts = await Promise.all(
    found.map(async (item): Promise<readonly ContextEntry[]> => {
      const path = folder === "" ? item.name : `${folder}/${item.name}`;
      const ignored = ignore.rules.ignores(path);
      if (item.isDirectory()) {
        if (ignored && !ignore.hasExceptions) return [];
        const below = await list(context, path, ignore);
        if (ignored) return below;
        const { mode } = await lstat(join(context, path));
        return [{ kind: "directory", path, mode: mode & 0o7777 }, ...below];
      }
      if (ignored) return [];
      if (item.isSymbolicLink()) return [{ kind: "link", path, target: await readlink(join(context, path)) }];
      if (!item.isFile()) return [];
      const status = await lstat(join(context, path));
      const { size, ctimeMs, ino } = status;
      return [{ kind: "file", path, mode: status.mode & 0o7777, size, changedMs: ctimeMs, inode: ino }];
    }),
  );
  return parts.flat();
}

/** Everything that a build can see, in a fixed order. Rejects with a Problem when the context is not there. */
export async function listBuildContext(context: string, dockerfile: string): Promise<readonly ContextEntry[]> {
  try {
    return await list(context, "", await readIgnoreRules(context, dockerfile));
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause) || (cause.code !== "ENOENT" && cause.code !== "ENOTDIR")) throw cause;
    throw new Problem("build-context", `The build context ${context} cannot be read: ${cause.message}`, {
      hint: "Correct image.build.context in the manifest.",
      cause,
    });
  }
}

/** The text of the Dockerfile that a workload's manifest names. Rejects with a Problem when it is not there. */
export async function readDockerfile(dockerfile: string, workload: string): Promise<string> {
  const text = await readIfPresent(dockerfile);
  if (text === undefined)
    throw new Problem("dockerfile-missing", `The image of ${workload} cannot be built: there is no ${dockerfile}`, {
      hint: `Correct image.build in the manifest of ${workload}.`,
    });
  return text;
}
