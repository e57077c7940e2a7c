import { findCircle } from "../manifest/circle.ts";
import type { Findings, Rule } from "../manifest/rules.ts";
import type { TreePath } from "../manifest/tree.ts";
import type { WrittenPipeline } from "./manifest-schema.ts";

type Stage = NonNullable<WrittenPipeline["stages"]>[number];
type Dependents = Readonly<Record<string, { readonly depends_on?: readonly string[] }>>;

const approvalSpelling: Rule<WrittenPipeline> = ({ stages = [] }, findings) => {
  for (const [index, stage] of stages.entries())
    if (stage.require_approval !== undefined)
      findings.warning(
        ["stages", index, "require_approval"],
        "`require_approval` is understood as `requires_approval`. The AWS Copilot CLI ignored it and deployed without an approval.",
        "Write `requires_approval`.",
      );
};

const testsOrPostDeployments: Rule<WrittenPipeline> = ({ stages = [] }, findings) => {
  for (const [index, stage] of stages.entries())
    if ((stage.test_commands?.length ?? 0) > 0 && stage.post_deployments !== undefined)
      findings.error(
        ["stages", index, "test_commands"],
        "`test_commands` and `post_deployments` exclude each other: give the tests as a post-deployment.",
      );
};

const someStage: Rule<WrittenPipeline> = ({ stages = [] }, findings) => {
  if (stages.length === 0) findings.warning(["stages"], "There is no stage, so nothing is deployed.");
};

/** The original let what runs before or after deployments wait for something that is not there; live pipelines may. */
const dependencies =
  (lenient: boolean): Rule<WrittenPipeline> =>
  ({ stages = [] }, findings) => {
    for (const [index, stage] of stages.entries())
      for (const group of ["deployments", "pre_deployments", "post_deployments"] as const)
        checkGroup(stage[group], ["stages", index, group], {
          ...findings,
          tell: lenient && group !== "deployments" ? findings.warning : findings.error,
        });
  };

interface GroupFindings extends Findings {
  /** Takes what is wrong, and yet was always accepted. */
  readonly tell: Findings["error"];
}

function checkGroup(group: Stage["deployments"] | Dependents, at: TreePath, findings: GroupFindings): void {
  const members: Dependents = group ?? {};
  for (const [name, member] of Object.entries(members))
    for (const [index, other] of (member.depends_on ?? []).entries())
      if (!Object.hasOwn(members, other))
        findings.tell([...at, name, "depends_on", index], `There is no \`${other}\` in this stage to come first.`);
  const circle = findCircle(new Map(Object.entries(members).map(([name, member]) => [name, member.depends_on ?? []])));
  if (circle !== undefined)
    findings.error([...at, circle[0] ?? "", "depends_on"], `These wait for each other in a circle: ${circle.join(" → ")}.`);
}

/** Every check of a pipeline's manifest that needs several fields. */
export const pipelineRules = ({ lenient }: { readonly lenient: boolean }): readonly Rule<WrittenPipeline>[] => [
  approvalSpelling,
  testsOrPostDeployments,
  someStage,
  dependencies(lenient),
];
