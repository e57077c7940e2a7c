import { statSync } from "node:fs";
import { join } from "node:path";

/** Where this program keeps what it can make again: `$XDG_CACHE_HOME/copilot`, by default `~/.cache/copilot`. */
export const cacheFolder = (variables: NodeJS.ProcessEnv, home: string): string =>
  join(variables["XDG_CACHE_HOME"] || join(home, ".cache"), "copilot");

/** Whether the folder of a user is there and this process' own: one that runs as root with the home of another neither trusts nor fills it. */
export function isOwnFolder(folder: string): boolean {
  try {
    const { uid } = statSync(folder);
    return process.getuid === undefined || uid === process.getuid();
  } catch {
    return false;
  }
}
