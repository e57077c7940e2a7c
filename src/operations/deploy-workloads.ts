import { userInfo } from "node:os";
import type { Environment } from "../model/application.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import { isJobType } from "../model/names.ts";
import { settleAll } from "../model/settle-all.ts";
import type { ManifestFile } from "../state/workspace.ts";
import type { DeployOptions, WorkloadAssets } from "../targets/target.ts";
import { explainRival } from "./explain-rival.ts";
import { follow, type FollowedOutcome } from "./follow.ts";
import { gatherAssets } from "./gather-assets.ts";
import { loadSpecs } from "./load-specs.ts";
import type { OperationContext } from "./operation-context.ts";
import { readCommit } from "./read-commit.ts";
import { workloadExtensions } from "./read-extensions.ts";
import { tellUnused } from "./unused-extensions.ts";

/** What to deploy and how. */
export interface DeployWorkloadsInput {
  readonly application: string;
  readonly environment: Environment;
  /** Groups that are deployed one after the other; everything of a group at once. */
  readonly groups: readonly (readonly ManifestFile[])[];
  readonly tag?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly force?: boolean;
  readonly noRollback?: boolean;
  readonly detach?: boolean;
  /** Asked with each workload's documents before anything is deployed; false leaves it. */
  readonly confirm?: (spec: WorkloadSpec, assets: WorkloadAssets) => Promise<boolean>;
}

/** How one workload's deployment ended. */
export interface WorkloadDeployment {
  readonly spec: WorkloadSpec;
  readonly outcome: FollowedOutcome;
}

/** A workload that is ready to be deployed. */
interface Prepared {
  readonly spec: WorkloadSpec;
  readonly assets: WorkloadAssets;
}

/**
 * Deploys workloads: all manifests are checked before anything is built, all images built before anything is deployed. A group with a
 * failure is finished, and those after it are not begun.
 */
export async function deployWorkloads(input: DeployWorkloadsInput, context: OperationContext): Promise<readonly WorkloadDeployment[]> {
  const groups = loadGroups(input, context);
  // Builds take minutes and push images: not for what cannot be deployed.
  context.session.refuseChange?.(`deploy ${groups.flatMap((specs) => specs.map(({ name }) => name)).join(", ")}`);
  const prepared = await prepareAll(groups, input, context);
  await tellUnused(
    groups.flat().map(({ name }) => workloadExtensions(name)),
    context,
  );
  const { environment } = input;
  const accepted = await askAll(prepared, input);
  const options = await toDeployOptions(input, context);
  const done: WorkloadDeployment[] = [];
  for (const group of accepted) {
    context.signal.throwIfAborted();
    const deployments = await settleAll(group.map((workload) => deployOne(workload, environment, { context, options })));
    done.push(...deployments);
    if (deployments.some(({ outcome }) => !isGood(outcome))) break;
  }
  return done;
}

/** Whether a deployment ended as it was meant to. */
export const isGood = (outcome: FollowedOutcome): boolean =>
  outcome.kind === "deployed" || outcome.kind === "unchanged" || outcome.kind === "detached";

/** The specs of each group; complaints of all groups come at once. On AWS a rule's priority settles who of two has a request. */
function loadGroups(input: DeployWorkloadsInput, context: OperationContext): readonly (readonly WorkloadSpec[])[] {
  const { application, environment, groups } = input;
  const excludesRivals = context.session.target === "docker";
  const specs = loadSpecs({ manifests: groups.flat(), application, environment: environment.name, excludesRivals }, context);
  let taken = 0;
  return groups.map((group) => specs.slice(taken, (taken += group.length)));
}

/** Gathers what all bring along. A file that is missing is told before builds, which take minutes; a failed build once none is under way. */
async function prepareAll(
  groups: readonly (readonly WorkloadSpec[])[],
  { tag }: DeployWorkloadsInput,
  context: OperationContext,
): Promise<readonly (readonly Prepared[])[]> {
  const { root, signal, tell } = context;
  const tagged = tag === undefined ? {} : { tag };
  const gather = async (spec: WorkloadSpec): Promise<Prepared> => ({
    spec,
    assets: await gatherAssets(spec, { ...tagged, build: false }, context),
  });
  const build = async ({ spec, assets }: Prepared): Promise<Prepared> => {
    if (spec.task === undefined) return { spec, assets };
    return { spec, assets: { ...assets, images: await context.provideImages(spec, { ...tagged, build: true, root, signal, tell }) } };
  };
  const gathered = await settleAll(groups.map((specs) => settleAll(specs.map(gather))));
  return settleAll(gathered.map((group) => settleAll(group.map(build))));
}

async function askAll(
  prepared: readonly (readonly Prepared[])[],
  { confirm }: DeployWorkloadsInput,
): Promise<readonly (readonly Prepared[])[]> {
  if (confirm === undefined) return prepared;
  const accepted: (readonly Prepared[])[] = [];
  for (const group of prepared) {
    const kept: Prepared[] = [];
    for (const workload of group) if (await confirm(workload.spec, workload.assets)) kept.push(workload);
    accepted.push(kept);
  }
  return accepted;
}

async function deployOne(
  { spec, assets }: Prepared,
  environment: Environment,
  { context, options }: { readonly context: OperationContext; readonly options: DeployOptions },
): Promise<WorkloadDeployment> {
  const step = {
    id: `deploy-${spec.name}`,
    title: `Deploy ${isJobType(spec.type) ? "job" : "service"} ${spec.name} to ${environment.name}`,
  };
  try {
    const events = context.session.deployWorkload(spec, assets, options);
    return { spec, outcome: await follow(step, events, { ...context, detached: options.detach === true }) };
  } catch (error) {
    throw await explainRival(error, spec, context);
  }
}

async function toDeployOptions(input: DeployWorkloadsInput, context: OperationContext): Promise<DeployOptions> {
  const commit = await readCommit(context.files, context.root);
  return {
    user: userName(context.variables),
    signal: context.signal,
    ...(commit === undefined ? {} : { commit }),
    ...(input.force === true ? { force: true } : {}),
    ...(input.noRollback === true ? { noRollback: true } : {}),
    ...(input.detach === true ? { detach: true } : {}),
    ...(input.tags === undefined ? {} : { tags: input.tags }),
  };
}

/** Who releases name as their author. */
export function userName(variables: Readonly<Record<string, string | undefined>>): string {
  const named = variables["COPILOT_USER"] || variables["USER"] || variables["LOGNAME"];
  if (named !== undefined) return named;
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the password file has no name.
    return "unknown";
  }
}
