import { comparePackages } from "../operations/compare-packages.ts";
import { Problem } from "../model/problem.ts";
import type { TargetName } from "../model/names.ts";
import type { WorkloadPackage } from "../targets/target.ts";
import { renderDifference } from "../terminal/render-difference.ts";
import type { Style } from "../terminal/style.ts";

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

/** The exit code of `--diff`: 0 when nothing changes, 1 when something does, 2 when it cannot be told, with the reason on standard error. */
export async function diffExitCode(
  compare: () => Promise<Comparison>,
  write: { out: (text: string) => void; err: (text: string) => void },
) {
  try {
    const { isEqual, text } = await compare();
    write.out(text);
    return isEqual ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    write.err(`${error.message}\n`);
    return 2;
  }
}
