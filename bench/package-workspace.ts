import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readInputs } from "../test/conformance/inputs.ts";
import { renderWorkload } from "../test/conformance/render-workspace.ts";
import { workspaceFiles } from "../test/conformance/workspace-files.ts";

/*
 * Packages every workload of a workspace for every environment, against the answers of its inputs.json: what a `package` command does
 * between asking and printing. Prints the number of files and the memory that it took at most, in MiB.
 */
const [folder = ".", out = "out"] = process.argv.slice(2);
const inputs = readInputs(folder);
const files = workspaceFiles(folder);
let count = 0;
for (const environment of inputs.environments) {
  for (const workload of inputs.workloads) {
    for (const { path, content } of renderWorkload({ inputs, files, environment, uploads: false }, workload)) {
      if (path.endsWith(".error.json")) throw new Error(content);
      mkdirSync(dirname(join(out, path)), { recursive: true });
      writeFileSync(join(out, path), content);
      count += 1;
    }
  }
}
// Kibibytes on every platform.
process.stdout.write(`${JSON.stringify({ files: count, memory: process.resourceUsage().maxRSS / 1024 })}\n`);
