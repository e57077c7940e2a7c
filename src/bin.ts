#!/usr/bin/env node
import { commands } from "./cli/commands.ts";
import { createContext } from "./cli/create-context.ts";
import { runCommand } from "./cli/run-command.ts";
import { version } from "./version.ts";

process.exitCode = await runCommand(commands, process.argv.slice(2), createContext(process, version));
