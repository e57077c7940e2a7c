import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBenchWorkspace } from "./bench-workspace.ts";
import type { Figure } from "./figures.ts";
import { bundle, timeNode, timeTurnAbout } from "./processes.ts";

/** What packaging for AWS costs against instant answers: one service as a process of its own, and many at once with their memory. */
export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "copilot-bench-package-"));
  try {
    const program = bundle("package-workspace", folder);
    const one = join(folder, "one");
    const many = join(folder, "many");
    writeBenchWorkspace(one, 1, ["test"]);
    writeBenchWorkspace(many, 50, ["test", "staging", "prod"]);

    const [bare = Number.NaN, single = Number.NaN] = timeTurnAbout(9, [
      () => timeNode(["-e", "0"]),
      () => timeNode([program, one, join(folder, "out-one")]),
    ]);
    const [all = Number.NaN] = timeTurnAbout(3, [() => timeNode([program, many, join(folder, "out-many")])]);
    return [
      { name: "package-one-service-over-bare-node", value: single - bare, unit: "ms", bar: 150 },
      { name: "package-50-services-in-3-environments", value: all / 1000, unit: "s", bar: 5 },
      {
        name: "package-50-services-in-3-environments-memory",
        value: memoryOf([program, many, join(folder, "out-many")]),
        unit: "MiB",
        bar: 300,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryOf(args: readonly string[]): number {
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const { files, memory }: { files: number; memory: number } = JSON.parse(stdout);
  // A template and its parameters, for each service in each environment.
  if (files !== 300) throw new Error(`only ${files} files were packaged`);
  return memory;
}
