import type { CommandRun } from "../define.ts";
import type { flags } from "./version.command.ts";

const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: "darwin", linux: "linux", win32: "windows" };

/** Prints the version and what this program runs on. */
export const run: CommandRun<typeof flags> = (_input, { terminal, version, platform }) => {
  terminal.out.write(`version: v${version}, built for ${systems[platform] ?? platform}\n`);
  return Promise.resolve();
};
