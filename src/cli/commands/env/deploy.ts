import { readEnvironmentManifest, deployEnvironment } from "../../../operations/deploy-environment.ts";
import { comparePackages } from "../../../operations/compare-packages.ts";
import { Problem } from "../../../model/problem.ts";
import type { Environment } from "../../../model/application.ts";
import type { OperationContext } from "../../../operations/operation-context.ts";
import { listEnvironmentNames } from "../../../state/workspace.ts";
import { renderDifference } from "../../../terminal/render-difference.ts";
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
      const difference = await compareEnvironment(environment, operation);
      context.terminal.out.write(renderDifference(difference, context.terminal.out.style));
      const goesOn =
        flags.diffYes || (await context.prompts.confirm({ message: "Deploy the environment?", flag: "--diff-yes", default: false }));
      if (!goesOn) return 0;
    }
    const { force, noRollback, detach } = flags;
    const outcome = await deployEnvironment({ environment, force, noRollback, detach }, operation);
    opened.progress.close();
    if (flags.json) printJson(context.terminal, { type: "result", environment: environment.name, outcome });
    const exitCode = reportOutcome(context.terminal, `environment ${environment.name}`, outcome);
    if (outcome.kind === "unchanged" && !force)
      context.terminal.err.write(`  Run \`copilot env deploy --name ${environment.name} --force\` to deploy it anyway.\n`);
    return exitCode;
  });

/** How an environment's manifest differs from what is deployed. */
export async function compareEnvironment(environment: Environment, context: OperationContext) {
  const manifest = await readEnvironmentManifest(environment, context);
  const { session } = context;
  const state = await session.environmentState(environment);
  const [deployed, wanted] = await Promise.all([
    state.manifest === undefined ? undefined : session.packageEnvironment(environment, state.manifest),
    session.packageEnvironment(environment, manifest),
  ]);
  return comparePackages(deployed, wanted);
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
