import type { Processes } from "../platform/processes.ts";
import { isImageTag } from "./pushed-image.ts";

/**
 * What `git describe` calls the commit that a folder is at: the tag that images of it get. `undefined` when the folder has changes, when it
 * is in no repository, when there is no git, and when the name is none for an image.
 */
export async function commitTag(processes: Pick<Processes, "run">, folder: string): Promise<string | undefined> {
  try {
    const [name, changes] = await Promise.all([
      processes.run("git", ["describe", "--always"], { cwd: folder }),
      processes.run("git", ["status", "--porcelain"], { cwd: folder }),
    ]);
    const tag = name.stdout.trim();
    const isClean = changes.exitCode === 0 && changes.stdout.trim() === "";
    return name.exitCode === 0 && isClean && isImageTag(tag) ? tag : undefined;
  } catch {
    return undefined;
  }
}
