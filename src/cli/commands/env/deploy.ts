import { readEnvironmentManifest, deployEnvironment } from "../../../operations/deploy-environment.ts";
import { environmentExtensions, readExtensions } from "../../../operations/read-extensions.ts";
import { Problem } from "../../../model/problem.ts";
import type { Environment } from "../../../model/application.ts";
import type { OperationContext } from "../../../operations/operation-context.ts";
import { listEnvironmentNames } from "../../../state/workspace.ts";
import type { TargetSession, WorkloadPackage } from "../../../targets/target.ts";
import type { Style } from "../../../terminal/style.ts";
import { compareDeployed, type Comparison } from "../../compare-deployed.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun } from "../../define.ts";
import { findEnvironment, requireWorkspace, toOperationContext, withApplication, type OpenedApplication } from "../../open-application.ts";
import { printJson, reportOutcome } from "../../report.ts";
import type { flags } from "./deploy.command.ts";

/** Deploys an environment by its manifest. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { root } = requireWorkspace(opened);
    const environment = await selectLocalEnvironment(context, opened, flags.name);
    const operation = toOperationContext(context, opened, root);
    if (flags.diff || flags.diffYes) {
      const { out } = context.terminal;
      out.write((await compareEnvironment(environment, operation, { style: out.style, allowDowngrade: flags.allowDowngrade })).text);
      const goesOn =
        flags.diffYes || (await context.prompts.confirm({ message: "Deploy the environment?", flag: "--diff-yes", default: false }));
      if (!goesOn) return 0;
    }
    const { force, noRollback, detach } = flags;
    const outcome = await deployEnvironment({ environment, force, noRollback, detach }, operation);
    opened.progress.close();
    if (flags.json) printJson(context.terminal, "env deploy", { type: "result", environment: environment.name, outcome });
    const exitCode = reportOutcome(context.terminal, `environment ${environment.name}`, outcome);
    if (outcome.kind === "unchanged" && !force)
      context.terminal.err.write(`  Run \`copilot env deploy --name ${environment.name} --force\` to deploy it anyway.\n`);
    return exitCode;
  });

/** How an environment's manifest differs from what is deployed. */
export async function compareEnvironment(
  environment: Environment,
  context: OperationContext,
  { style, allowDowngrade = false }: { readonly style: Style; readonly allowDowngrade?: boolean },
): Promise<Comparison> {
  const { session } = context;
  const extensions = await readExtensions(environmentExtensions, context);
  const manifest = await readEnvironmentManifest(environment, context);
  const [deployed, wanted] = await Promise.all([
    deployedEnvironment(environment, session),
    session.packageEnvironment(environment, manifest, { extensions, files: "named", allowDowngrade }),
  ]);
  return compareDeployed({ target: session.target, deployed, wanted }, style);
}

/** A target that keeps no documents of environments makes the same again of the manifest that it keeps. */
async function deployedEnvironment(environment: Environment, session: TargetSession): Promise<WorkloadPackage | undefined> {
  if (session.deployedEnvironment !== undefined) return session.deployedEnvironment(environment);
  const { manifest } = await session.environmentState(environment);
  return manifest === undefined ? undefined : session.packageEnvironment(environment, manifest);
}

/** The environment that is named, the only one with a manifest here, or the one that is chosen. */
export async function selectLocalEnvironment(
  context: CommandContext,
  opened: OpenedApplication,
  name: string | undefined,
): Promise<Environment> {
  if (name !== undefined) return findEnvironment(opened, name);
  const names = await listEnvironmentNames(context.files, requireWorkspace(opened).root);
  const [only] = names;
  if (only === undefined)
    throw new Problem("no-environment", "look for an environment: the workspace has none", { hint: "run `copilot env init`" });
  if (names.length === 1) {
    context.terminal.err.write(`Only found one environment, taking ${only}.\n`);
    return findEnvironment(opened, only);
  }
  const choices = names.map((value) => ({ value, label: value }));
  return findEnvironment(opened, await context.prompts.select({ message: "Which environment?", flag: "--name", choices }));
}
