import type { Figure } from "./figures.ts";
import { copilot, timeNode, timeTurnAbout } from "./processes.ts";

/** What the command line costs before it does anything. */
export async function run(): Promise<readonly Figure[]> {
  const [bare = Number.NaN, help = Number.NaN, commandHelp = Number.NaN, version = Number.NaN] = timeTurnAbout(15, [
    () => timeNode(["-e", "0"]),
    () => timeNode([copilot, "--help"]),
    () => timeNode([copilot, "svc", "deploy", "--help"]),
    () => timeNode([copilot, "--version"]),
  ]);
  return [
    { name: "help-over-bare-node", value: help / bare, unit: "x", bar: 1.5 },
    { name: "command-help-over-bare-node", value: commandHelp / bare, unit: "x", bar: 1.5 },
    { name: "version-over-bare-node", value: version / bare, unit: "x", bar: 1.5 },
  ];
}
