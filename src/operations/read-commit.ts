import { dirname, join, resolve } from "node:path";
import type { Files } from "../platform/files.ts";

/** The commit that a folder is at, read from git's own files so that no program is started; `undefined` outside of a repository. */
export async function readCommit(files: Pick<Files, "readText" | "list">, folder: string): Promise<string | undefined> {
  const gitFolder = await findGitFolder(files, folder);
  if (gitFolder === undefined) return undefined;
  const head = (await files.readText(join(gitFolder, "HEAD")))?.trim();
  if (head === undefined || !head.startsWith("ref: ")) return isCommit(head) ? head : undefined;
  const reference = head.slice("ref: ".length);
  const sharedFolder = resolve(gitFolder, (await files.readText(join(gitFolder, "commondir")))?.trim() ?? ".");
  const loose = (await files.readText(join(sharedFolder, reference)))?.trim();
  if (isCommit(loose)) return loose;
  const packed = await files.readText(join(sharedFolder, "packed-refs"));
  const line = packed?.split("\n").find((text) => text.endsWith(` ${reference}`));
  const commit = line?.split(" ")[0];
  return isCommit(commit) ? commit : undefined;
}

const isCommit = (text: string | undefined): text is string => text !== undefined && /^[\da-f]{40,64}$/.test(text);

async function findGitFolder(files: Pick<Files, "readText">, folder: string): Promise<string | undefined> {
  const path = join(folder, ".git");
  if ((await files.readText(join(path, "HEAD"))) !== undefined) return path;
  const link = await files.readText(path).catch(() => undefined);
  const linked = link === undefined ? undefined : /^gitdir: (.+)$/m.exec(link)?.[1];
  if (linked !== undefined) return resolve(folder, linked);
  const parent = dirname(folder);
  return parent === folder ? undefined : findGitFolder(files, parent);
}
