import { createEnvironment } from "../../operations/create-environment.ts";
import { deployEnvironment } from "../../operations/deploy-environment.ts";
import { deployWorkloads, isGood, type DeployWorkloadsInput } from "../../operations/deploy-workloads.ts";
import { allReadable, findLocalWorkloads, type FoundWorkloads, type LocalWorkload } from "../../operations/local-workloads.ts";
import type { Environment } from "../../model/application.ts";
import { Problem } from "../../model/problem.ts";
import { listEnvironmentNames } from "../../state/workspace.ts";
import type { CommandContext } from "../context.ts";
import type { CommandRun, FlagValues } from "../define.ts";
import { toGroups, type WantedWorkload } from "../deployment-groups.ts";
import { findEnvironment, requireWorkspace, toOperationContext, withApplication, type OpenedApplication } from "../open-application.ts";
import { reportOutcome, succeed } from "../report.ts";
import { findLocalWorkload, tellUnreadable } from "../select.ts";
import type { flags } from "./deploy.command.ts";
import { register, reportDeployments, toDeployInput } from "./workload/deploy.ts";

type DeployFlags = FlagValues<typeof flags>;

/** Deploys one or several workloads: what a group has at once, groups one after the other. All questions come before the first deployment. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { root } = requireWorkspace(opened);
    const local = await findLocalWorkloads(context.files, root);
    const groups = await selectGroups(context, local, flags);
    if (groups.length === 0) {
      context.terminal.err.write("No workloads to deploy: the workspace has none.\n");
      return 0;
    }
    const { environment, isNew } = await ensureEnvironment(context, opened, flags);
    await registerAll(opened, groups.flat(), flags.initWkld);
    tellOrder(context, groups);
    const operation = toOperationContext(context, opened, root);
    if (isNew || flags.deployEnv === true) {
      const outcome = await deployEnvironment({ environment }, operation);
      if (!isGood(outcome)) {
        opened.progress.close();
        return reportOutcome(context.terminal, `environment ${environment.name}`, outcome);
      }
    }
    const input: DeployWorkloadsInput = {
      application: opened.application.name,
      environment,
      groups: groups.map((group) => group.map(({ manifest }) => manifest)),
      ...toDeployInput(flags),
    };
    const deployments = await deployWorkloads(input, operation);
    opened.progress.close();
    const code = reportDeployments(context, deployments, { json: flags.json, detach: flags.detach });
    const left = groups.flat().length - deployments.length;
    if (left > 0) context.terminal.err.write(`  ${left} more ${left === 1 ? "workload was" : "workloads were"} not begun.\n`);
    return code;
  });

async function selectGroups(
  context: CommandContext,
  local: FoundWorkloads,
  flags: DeployFlags,
): Promise<readonly (readonly LocalWorkload[])[]> {
  const named = flags.name.map(toWanted);
  if (flags.name.length === 0 && !flags.all) {
    tellUnreadable(context, local);
    return [await chooseSeveral(context, local.workloads)].filter((group) => group.length > 0);
  }
  return toGroups(
    named.map(({ name, priority }) => ({ priority, item: findLocalWorkload(local, name, "workload") })),
    flags.all ? allReadable(local) : [],
  );
}

/** `api/2` is api with priority 2. */
function toWanted(text: string): WantedWorkload {
  const [, name, priority] = /^([^/]+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (name === undefined)
    throw new Problem("invalid-flag", `read --name: ${JSON.stringify(text)} is no name with an optional priority`, {
      hint: "write it like api/1",
    });
  return { name, priority: priority === undefined ? undefined : Number(priority) };
}

async function chooseSeveral(context: CommandContext, local: readonly LocalWorkload[]): Promise<readonly LocalWorkload[]> {
  const [only] = local;
  if (only === undefined) throw new Problem("no-workload", "look for a workload: the workspace has none", { hint: "run `copilot init`" });
  if (local.length === 1) {
    context.terminal.err.write(`Only found one workload, taking ${only.name}.\n`);
    return [only];
  }
  const choices = local.map((workload) => ({ value: workload, label: workload.name, hint: workload.type }));
  return context.prompts.selectSeveral({ message: "Which workloads?", flag: "--name or --all", choices });
}

async function registerAll(opened: OpenedApplication, workloads: readonly LocalWorkload[], initWkld: boolean | undefined): Promise<void> {
  if (initWkld !== false) return register(opened, workloads);
  const known = await opened.session.records.workloads(opened.application.name);
  const unknown = workloads.filter(({ name }) => !known.some((workload) => workload.name === name)).map(({ name }) => name);
  if (unknown.length > 0)
    throw new Problem(
      "workload-not-registered",
      `deploy ${unknown.join(", ")}: ${opened.application.name} does not know ${unknown.length === 1 ? "it" : "them"} yet`,
      {
        hint: "leave --init-wkld=false out",
      },
    );
}

/** The environment to deploy to, registered first where it has only a manifest so far and that is wished. */
async function ensureEnvironment(
  context: CommandContext,
  opened: OpenedApplication,
  flags: DeployFlags,
): Promise<{ readonly environment: Environment; readonly isNew: boolean }> {
  const { session, application } = opened;
  const { root } = requireWorkspace(opened);
  const [known, local] = await Promise.all([session.records.environments(application.name), listEnvironmentNames(context.files, root)]);
  const name = flags.env ?? (await chooseEnvironment(context, [...new Set([...known.map((environment) => environment.name), ...local])]));
  const found = known.find((environment) => environment.name === name);
  if (found !== undefined) return { environment: found, isNew: false };
  if (!local.includes(name) && flags.initEnv !== true) return { environment: await findEnvironment(opened, name), isNew: false };
  const wanted =
    flags.initEnv ??
    (await context.prompts.confirm({
      message: `${application.name} has no environment ${name} yet. Register it?`,
      flag: "--init-env",
      default: false,
    }));
  if (!wanted || flags.deployEnv === false)
    throw new Problem(
      "environment-not-deployed",
      `deploy to ${name}: ${wanted ? "it is new and --deploy-env=false forbids deploying it" : "it is not registered"}`,
      {
        hint: `run \`copilot env init --name ${name}\``,
      },
    );
  const stores = { records: session.records, files: context.files };
  const { environment } = await createEnvironment({ application: application.name, name, target: application.target, root }, stores);
  succeed(context.terminal, `Registered the environment ${name}.`);
  return { environment, isNew: true };
}

function chooseEnvironment(context: CommandContext, names: readonly string[]): Promise<string> {
  const [only] = names;
  if (only === undefined)
    return Promise.reject(new Problem("no-environment", "look for an environment: there is none", { hint: "run `copilot env init`" }));
  if (names.length > 1)
    return context.prompts.select({
      message: "Which environment?",
      flag: "--env",
      choices: names.map((value) => ({ value, label: value })),
    });
  context.terminal.err.write(`Only found one environment, taking ${only}.\n`);
  return Promise.resolve(only);
}

function tellOrder({ terminal }: CommandContext, groups: readonly (readonly LocalWorkload[])[]): void {
  const count = groups.flat().length;
  if (count < 2) return;
  const lines = groups.map((group, index) => `${index + 1}. ${group.map(({ name }) => name).join(", ")}\n`);
  terminal.err.write(`Will deploy ${count} workloads in the following order.\n${lines.join("")}`);
}
