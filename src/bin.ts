#!/usr/bin/env node
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, isOwnFolder } from "./platform/cache-folder.ts";
import { runProgram } from "./platform/program-loader.ts";

const { XDG_CACHE_HOME, NODE_DISABLE_COMPILE_CACHE } = process.env;
const keeps = !NODE_DISABLE_COMPILE_CACHE && isOwnFolder(XDG_CACHE_HOME || homedir());
const compiled = keeps ? join(cacheFolder(process.env, homedir()), "compiled") : undefined;

process.once("exit", runProgram(fileURLToPath(new URL("./copilot.cjs", import.meta.url)), compiled));
