import type { CommandRun } from "../define.ts";
import { printJson } from "../report.ts";
import type { flags } from "./version.command.ts";

const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: "darwin", linux: "linux", win32: "windows" };

/** Prints the version and what this program runs on. */
export const run: CommandRun<typeof flags> = ({ flags: given }, { terminal, version, platform }) => {
  const os = systems[platform] ?? platform;
  if (given.json) printJson(terminal, "version", { version: `v${version}`, os });
  else terminal.out.write(`version: v${version}, built for ${os}\n`);
  return Promise.resolve();
};
