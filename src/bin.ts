#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { commands } from "./cli/commands.ts";
import { createContext } from "./cli/create-context.ts";
import { runCommand } from "./cli/run-command.ts";
import { version } from "./version.ts";

// The bundles of both programs stand side by side.
const programFile = fileURLToPath(new URL("./control-plane.js", import.meta.url));

// The package's own pages are there without a network, and are of this version.
const documentation = new URL("../README.md", import.meta.url).href;

process.exitCode = await runCommand(
  commands,
  process.argv.slice(2),
  createContext(process, { version, programFile, documentation, commands }),
);
