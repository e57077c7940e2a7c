import { basename } from "node:path";
import { createApplication } from "../../operations/create-application.ts";
import { createEnvironment } from "../../operations/create-environment.ts";
import { createWorkload } from "../../operations/create-workload.ts";
import { deployEnvironment } from "../../operations/deploy-environment.ts";
import { deployWorkloads, isGood } from "../../operations/deploy-workloads.ts";
import { findLocalWorkloads } from "../../operations/local-workloads.ts";
import type { Environment } from "../../model/application.ts";
import { nameProblem, workloadTypes } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import { findWorkspace } from "../../state/workspace.ts";
import type { CommandContext } from "../context.ts";
import type { CommandRun, FlagValues } from "../define.ts";
import { toOperationContext, withTarget, type OpenedApplication } from "../open-application.ts";
import { note, recommend, reportOutcome, succeed } from "../report.ts";
import { findLocalWorkload } from "../select.ts";
import { askWorkload } from "../workload-questions.ts";
import type { flags } from "./init.command.ts";
import { reportCreated } from "./workload/init.ts";
import { reportDeployments } from "./workload/deploy.ts";

type InitFlags = FlagValues<typeof flags>;

/** From nothing to a running workload: all questions first, then application, manifest, environment and deployment. */
export const run: CommandRun<typeof flags> = async ({ flags }, context) => {
  const workspace = await findWorkspace(context.files, context.cwd);
  const root = workspace?.root ?? context.cwd;
  if (!(await context.files.exists(`${root}/.git`)))
    note(context.terminal, "this folder is no git repository; you will want one to release from.");
  const name = await askApplication(context, flags.app, workspace?.application);
  const wishes = { ...flags, ingressType: "Internet" as const };
  const workload = await askWorkload(context, wishes, { root, types: workloadTypes, typeFlag: "--type" });
  const deploys =
    flags.deploy ?? (await context.prompts.confirm({ message: "Deploy it to an environment now?", flag: "--deploy", default: false }));
  return withTarget(context, { target: flags.target }, async (opened) => {
    const stores = { records: opened.session.records, files: context.files };
    const made = await createApplication({ application: { name, target: opened.session.target }, root }, stores);
    const created = await createWorkload({ workspace: made.workspace, workload }, stores);
    if (made.isNew) succeed(context.terminal, `Created the application ${name}.`);
    reportCreated(context, workload, created);
    if (!deploys) {
      recommend(context.terminal, ["Run `copilot env init` to create an environment.", "Run `copilot deploy` to deploy to it."]);
      return 0;
    }
    const application = { ...opened, application: made.application, workspace: made.workspace };
    return deployAll(context, application, { workload: workload.name, flags });
  });
};

async function askApplication(context: CommandContext, wish: string | undefined, own: string | undefined): Promise<string> {
  if (wish !== undefined && own !== undefined && wish !== own)
    throw new Problem("other-workspace", `work on ${wish} here: this workspace belongs to the application ${own}`, {
      hint: "use another folder",
    });
  const folder = basename(context.cwd);
  const name =
    wish ??
    own ??
    (await context.prompts.text({
      message: "What is the application called?",
      flag: "--app",
      check: nameProblem,
      ...(nameProblem(folder) === undefined ? { default: folder } : {}),
    }));
  const problem = nameProblem(name);
  if (problem !== undefined) throw new Problem("invalid-name", `name the application ${JSON.stringify(name)}: ${problem}`);
  return name;
}

async function deployAll(
  context: CommandContext,
  opened: OpenedApplication,
  { workload, flags }: { readonly workload: string; readonly flags: InitFlags },
): Promise<number> {
  const { application, progress } = opened;
  const root = opened.workspace?.root ?? context.cwd;
  const operation = toOperationContext(context, opened, root);
  const environment = await ensureEnvironment(opened, flags.env ?? "test", { root, files: context.files });
  const made = await deployEnvironment({ environment }, operation);
  if (!isGood(made)) {
    progress.close();
    return reportOutcome(context.terminal, `environment ${environment.name}`, made);
  }
  const { manifest } = findLocalWorkload(await findLocalWorkloads(context.files, root), workload, "workload");
  const tag = flags.tag === undefined ? {} : { tag: flags.tag };
  const deployments = await deployWorkloads({ application: application.name, environment, groups: [[manifest]], ...tag }, operation);
  progress.close();
  return reportDeployments(context, deployments, { json: false, detach: false });
}

async function ensureEnvironment(
  { session, application }: OpenedApplication,
  name: string,
  { root, files }: { readonly root: string; readonly files: CommandContext["files"] },
): Promise<Environment> {
  const known = (await session.records.environments(application.name)).find((environment) => environment.name === name);
  if (known !== undefined && (await files.exists(`${root}/copilot/environments/${name}/manifest.yml`))) return known;
  const stores = { records: session.records, files };
  return (await createEnvironment({ application: application.name, name, target: known?.target ?? session.target, root }, stores))
    .environment;
}
