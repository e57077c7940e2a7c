import { execFileSync, spawnSync, type SpawnSyncOptions } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./figures.ts";

/** The built command. */
export const copilot = fileURLToPath(new URL("../dist/bin.js", import.meta.url));

/** Bundles a program of this folder into another, so that its start is measured without a compiler's. Answers where it is. */
export function bundle(name: string, folder: string): string {
  const outfile = join(folder, `${name}.mjs`);
  execFileSync(process.execPath, [join(import.meta.dirname, "bundle.mjs"), join(import.meta.dirname, `${name}.ts`), outfile]);
  return outfile;
}

/** Milliseconds from start to end of a Node.js process; throws when it fails. */
export function timeNode(args: readonly string[], options: SpawnSyncOptions = {}): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const time = performance.now() - begin;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${String(stderr).slice(-2000)}`);
  return time;
}

/** Medians of several programs, run turn about so that a busy moment meets each alike. */
export function timeTurnAbout(rounds: number, programs: readonly (() => number)[]): number[] {
  const times = programs.map((): number[] => []);
  for (let round = 0; round < rounds; round++) for (const [index, program] of programs.entries()) times[index]?.push(program());
  return times.map(median);
}
