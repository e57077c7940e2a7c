import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AddonFile } from "../../src/addons/load-addons.ts";

/** The files of a workspace, by paths relative to it. */
export interface WorkspaceFiles {
  /** The text of a file; `undefined` when there is none. */
  readonly text: (path: string) => string | undefined;
  /** The files of a folder that are directly in it; none when there is no such folder. */
  readonly folder: (path: string) => readonly AddonFile[];
}

/** The workspace in `root`. */
export const workspaceFiles = (root: string): WorkspaceFiles => ({
  text: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined),
  folder: (path) =>
    statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true
      ? readdirSync(join(root, path), { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => ({ name, path: `${path}/${name}`, content: readFileSync(join(root, path, name), "utf8") }))
      : [],
});
