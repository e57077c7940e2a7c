import { fileURLToPath } from "node:url";
import { commands } from "./cli/commands.ts";
import { createContext } from "./cli/create-context.ts";
import { runCommand } from "./cli/run-command.ts";
import { version } from "./version.ts";

// The bundles of both programs stand side by side.
const programFile = fileURLToPath(new URL("./control-plane.js", import.meta.url));

// The package's own pages are there without a network, and are of this version.
const documentation = new URL("../README.md", import.meta.url).href;

const context = createContext(process, { version, programFile, documentation, commands });
// What stands if the command never comes to an end of its own.
process.exitCode = 1;
void runCommand(commands, process.argv.slice(2), context).then((code) => {
  process.exitCode = code;
});
