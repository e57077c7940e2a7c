import { Problem } from "../../model/problem.ts";
import { templateVersion } from "./template-version.ts";

/** Throws a `Problem` when a stack was last deployed by a newer program. `deployed` is what its metadata says. */
export async function refuseDowngrade(stack: string, deployed: string): Promise<void> {
  const { default: semver } = await import("semver");
  // Stacks of environments that were never deployed say `bootstrap`.
  if (semver.valid(deployed) === null || semver.lte(deployed, templateVersion)) return;
  throw new Problem(
    "downgrade-refused",
    `package ${stack}: it was deployed by a newer version of Copilot (${deployed}; this one writes ${templateVersion})`,
    { hint: "update Copilot, or give --allow-downgrade" },
  );
}
