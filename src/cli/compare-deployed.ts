import { comparePackages } from "../operations/compare-packages.ts";
import type { TargetName } from "../model/names.ts";
import type { WorkloadPackage } from "../targets/target.ts";
import { renderDifference } from "../terminal/render-difference.ts";
import type { Style } from "../terminal/style.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { FailedWith } from "./render-error.ts";

/** What a deployment would change, for people. */
export interface Comparison {
  readonly isEqual: boolean;
  /** Lines, each ended. */
  readonly text: string;
}

/** A package beside what is deployed; `deployed` is `undefined` when nothing is. */
export interface ComparedPackages {
  readonly target: TargetName;
  readonly deployed: WorkloadPackage | undefined;
  readonly wanted: WorkloadPackage;
}

/** Compares as the target understands its documents: on AWS by what becomes of each resource, on Docker by value. */
export async function compareDeployed({ target, deployed, wanted }: ComparedPackages, style: Style): Promise<Comparison> {
  if (target === "aws") return compareStackPackages({ deployed, wanted }, style);
  const difference = await comparePackages(deployed, wanted);
  return { isEqual: difference === undefined, text: renderDifference(difference, style) };
}

async function compareStackPackages({ deployed, wanted }: Omit<ComparedPackages, "target">, style: Style): Promise<Comparison> {
  const { describePackageChanges } = await import("../targets/aws/cloudformation/diff/package-changes.ts");
  const changes = describePackageChanges(deployed, wanted);
  const paint = { added: style.green, changed: style.yellow, removed: style.red, danger: style.red } as const;
  const lines = changes.length === 0 ? ["No changes."] : changes.map(({ tone, text }) => paint[tone](text));
  return { isEqual: changes.length === 0, text: `${lines.join("\n")}\n` };
}

/** Prints a comparison and returns its exit code: 0 when nothing changes, 1 when something does. */
export function writeComparison({ isEqual, text }: Comparison, { out }: Pick<Terminal, "out">): number {
  out.write(text);
  return isEqual ? 0 : 1;
}

/** Does the work of `package`. With `--diff` any failure has the exit code 2: 1 says that something differs. */
export async function tellingDifferences(diff: boolean, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    throw diff ? new FailedWith(2, error) : error;
  }
}
