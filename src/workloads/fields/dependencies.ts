import { findCircle } from "../../manifest/circle.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { TreePath } from "../../manifest/tree.ts";
import type { DependencyCondition } from "../../model/workload-spec.ts";

/** What is known of a container when its dependencies are checked. */
export interface DependentContainer {
  readonly name: string;
  readonly essential: boolean;
  readonly dependsOn: Readonly<Record<string, DependencyCondition>>;
  /** Path of its `depends_on`. */
  readonly at: TreePath;
}

/** Containers wait for others that exist, never in a circle, and never for the end of one that must not end. */
export function checkDependencies(containers: readonly DependentContainer[], findings: Findings): void {
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const container of containers) {
    for (const [name, condition] of Object.entries(container.dependsOn)) {
      const target = byName.get(name);
      const at = [...container.at, name];
      if (target === undefined) findings.error(at, `There is no container \`${name}\`.`);
      else if (name === container.name) findings.error(at, `The container \`${name}\` cannot wait for itself.`);
      else if (target.essential && condition !== "START" && condition !== "HEALTHY")
        findings.error(at, `\`${name}\` is essential and never ends by itself: wait for its \`start\` or for \`healthy\`.`);
    }
  }
  const circle = findCircle(new Map(containers.map(({ name, dependsOn }) => [name, Object.keys(dependsOn)])));
  if (circle !== undefined)
    findings.error(byName.get(circle[0] ?? "")?.at ?? [], `Containers wait for each other in a circle: ${circle.join(" → ")}.`);
}
