import type { FollowedOutcome } from "../../../operations/follow.ts";
import type { WorkloadSpec } from "../../../model/workload-spec.ts";
import { deployWorkloads, type DeployWorkloadsInput, type WorkloadDeployment } from "../../../operations/deploy-workloads.ts";
import type { LocalWorkload } from "../../../operations/local-workloads.ts";
import { isJobType } from "../../../model/names.ts";
import type { WorkloadAssets } from "../../../targets/target.ts";
import { compareDeployed } from "../../compare-deployed.ts";
import type { CommandContext } from "../../context.ts";
import { requireWorkspace, toOperationContext, withApplication, type OpenedApplication } from "../../open-application.ts";
import { printJson, recommend, reportOutcome, worst } from "../../report.ts";
import { selectEnvironment, selectLocalWorkload } from "../../select.ts";

/** What `svc deploy` and `job deploy` are called with. */
export interface DeployFlags {
  readonly app: string | undefined;
  readonly name: string | undefined;
  readonly env: string | undefined;
  readonly tag: string | undefined;
  readonly resourceTags: Readonly<Record<string, string>>;
  readonly force?: boolean;
  readonly noRollback: boolean;
  readonly detach: boolean;
  readonly diff: boolean;
  readonly diffYes: boolean;
  readonly json: boolean;
}

/** Deploys one service or job. */
export const deployOne = (kind: "service" | "job", flags: DeployFlags, context: CommandContext): Promise<number> =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const workload = await selectLocalWorkload(context, opened, { name: flags.name, kind });
    const environment = await selectEnvironment(context, opened, { name: flags.env, flag: "--env" });
    await register(opened, [workload]);
    const input: DeployWorkloadsInput = {
      application: opened.application.name,
      environment,
      groups: [[workload.manifest]],
      ...toDeployInput(flags),
      ...(flags.diff || flags.diffYes ? { confirm: confirmDifference(context, opened, { environment, yes: flags.diffYes }) } : {}),
    };
    const deployments = await deployWorkloads(input, toOperationContext(context, opened, requireWorkspace(opened).root));
    opened.progress.close();
    return reportDeployments(context, deployments, { json: flags.json, detach: flags.detach });
  });

/** The part of a deployment's input that flags give as they are. */
export const toDeployInput = (
  flags: Pick<DeployFlags, "tag" | "resourceTags" | "noRollback" | "detach"> & { readonly force?: boolean },
): Pick<DeployWorkloadsInput, "tag" | "tags" | "force" | "noRollback" | "detach"> => ({
  ...(flags.tag === undefined ? {} : { tag: flags.tag }),
  ...(Object.keys(flags.resourceTags).length === 0 ? {} : { tags: flags.resourceTags }),
  force: flags.force === true,
  noRollback: flags.noRollback,
  detach: flags.detach,
});

/** Records workloads that the application does not know yet. */
export async function register(
  { session, application }: OpenedApplication,
  workloads: readonly Pick<LocalWorkload, "name" | "type">[],
): Promise<void> {
  const known = await session.records.workloads(application.name);
  const unknown = workloads.filter(({ name }) => !known.some((workload) => workload.name === name));
  await Promise.all(unknown.map(({ name, type }) => session.records.putWorkload({ application: application.name, name, type })));
}

function confirmDifference(
  context: CommandContext,
  opened: OpenedApplication,
  { environment, yes }: { readonly environment: DeployWorkloadsInput["environment"]; readonly yes: boolean },
): NonNullable<DeployWorkloadsInput["confirm"]> {
  return async (spec: WorkloadSpec, assets: WorkloadAssets) => {
    const [deployed, wanted] = await Promise.all([
      opened.session.deployedPackage(environment, spec.name),
      opened.session.packageWorkload(spec, assets),
    ]);
    const { out } = context.terminal;
    out.write((await compareDeployed({ target: opened.session.target, deployed, wanted }, out.style)).text);
    return yes || context.prompts.confirm({ message: `Deploy ${spec.name}?`, flag: "--diff-yes", default: false });
  };
}

/** Tells how deployments ended and where they answer; returns the exit code. */
export function reportDeployments(
  context: CommandContext,
  deployments: readonly WorkloadDeployment[],
  { json, detach }: { readonly json: boolean; readonly detach: boolean },
): number {
  const { terminal } = context;
  if (json) {
    const results = deployments.map(({ spec, outcome }) => ({ workload: spec.name, environment: spec.environment, outcome }));
    printJson(terminal, "deploy", { type: "result", deployments: results });
  }
  const codes = deployments.map(({ spec, outcome }) => {
    const code = reportOutcome(terminal, `${isJobType(spec.type) ? "job" : "service"} ${spec.name}`, outcome);
    for (const url of urlsOf(outcome)) terminal.err.write(`  ${terminal.err.style.blue(url)}\n`);
    return code;
  });
  if (detach) return worst(codes);
  recommend(terminal, deployments.flatMap(followUps));
  return worst(codes);
}

const urlsOf = (outcome: FollowedOutcome): readonly string[] =>
  outcome.kind === "deployed" || outcome.kind === "unchanged" ? outcome.urls : [];

function followUps({ spec, outcome }: WorkloadDeployment): readonly string[] {
  const at = `--name ${spec.name} --env ${spec.environment}`;
  const noun = isJobType(spec.type) ? "job" : "svc";
  if (outcome.kind === "rolled-back" || outcome.kind === "failed")
    return [`Run \`copilot ${noun} logs ${at}${noun === "svc" ? " --previous" : ""}\` to see what it wrote.`];
  if (outcome.kind !== "deployed") return [];
  if (noun === "job") return [`Run \`copilot job run ${at}\` to run it now.`];
  if (outcome.urls.length > 0 || spec.discoveryPort === undefined) return [];
  return [
    `Reach ${spec.name} from other services of ${spec.environment} at http://${spec.name}.${spec.environment}.${spec.application}.local:${spec.discoveryPort}.`,
  ];
}
