import { compareDocuments, type DocumentValue } from "../../../operations/compare-documents.ts";
import { gitIn, setCopilotRemote } from "../../../operations/pipelines/git-workspace.ts";
import { compileLocalPipeline, registerPipeline } from "../../../operations/pipelines/register-pipeline.ts";
import type { LocalPipeline } from "../../../operations/pipelines/local-pipelines.ts";
import type { PipelineRegistered } from "../../../pipelines/pipeline-api.ts";
import { renderDifference } from "../../../terminal/render-difference.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun } from "../../define.ts";
import { confirmed } from "../../confirmed.ts";
import { requireWorkspace } from "../../open-application.ts";
import { selectLocalPipeline, withPipelines, type OpenedPipelines } from "../../open-pipeline.ts";
import { note, printJson, recommend, succeed } from "../../report.ts";
import type { flags } from "./deploy.command.ts";

/** Registers a pipeline of the workspace with the control plane, or its new version. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipelines(context, { app: flags.app }, async (opened) => {
    const local = await selectLocalPipeline(context, opened, flags.name);
    const { root } = requireWorkspace(opened);
    const place = { files: context.files, root, application: opened.application.name };
    const registered = await opened.pipelines.find(opened.application.name, local.name);
    if (flags.diff) {
      const difference = compareDocuments(toDocument(registered?.pipeline ?? {}), toDocument(await compileLocalPipeline(local, place)));
      context.terminal.out.write(renderDifference(difference, context.terminal.out.style));
    }
    const question = `Pipeline ${local.name} is deployed already. Deploy it again?`;
    if (registered !== undefined && !flags.diff && !(await confirmed(context, question, flags.yes))) return;
    if (flags.diff && !flags.yes && !(await confirmed(context, `Deploy the pipeline ${local.name}?`, flags.yes))) return;
    await keepTokens(context, opened, local);
    const result = await registerPipeline(local, { ...place, pipelines: opened.pipelines, user: opened.user });
    opened.progress.close();
    await report(context, { ...opened, local, root }, result, flags.json);
  });

/** Tokens come from the environment, so that they are on no command line and in no file of the workspace. */
async function keepTokens(
  context: CommandContext,
  { pipelines, application }: OpenedPipelines,
  { name, manifest }: LocalPipeline,
): Promise<void> {
  const token = context.variables["COPILOT_SOURCE_TOKEN"];
  const webhook = context.variables["COPILOT_WEBHOOK_SECRET"];
  if (token !== undefined && token !== "")
    await pipelines.putSecret(application.name, manifest.source.accessTokenSecret ?? `${name}-source`, token);
  if (webhook !== undefined && webhook !== "") await pipelines.putSecret(application.name, `${name}-webhook`, webhook);
}

/** A compiled pipeline as plain data. */
const toDocument = (value: object): DocumentValue => {
  const document: DocumentValue = JSON.parse(JSON.stringify(value));
  return document;
};

async function report(
  context: CommandContext,
  opened: OpenedPipelines & { readonly local: LocalPipeline; readonly root: string },
  result: PipelineRegistered,
  json: boolean,
): Promise<void> {
  const { local } = opened;
  const usesOurs = local.manifest.source.repository === "copilot";
  const remote = usesOurs
    ? await setCopilotRemote(gitIn(opened.root, context.variables), opened.pipelines.gitRemote(opened.application.name), credentialHelper())
    : "no-repository";
  if (json) {
    printJson(context.terminal, "pipeline deploy", { name: local.name, ...result });
    return;
  }
  const what = { created: "Created", updated: "Updated", unchanged: "Nothing changed in" }[result.kind];
  succeed(context.terminal, `${what} the pipeline ${local.name}.`);
  if (result.execution !== undefined)
    note(
      context.terminal,
      `execution ${result.execution.state.number} of commit ${result.execution.state.trigger.commit.slice(0, 8)} has begun.`,
    );
  if (result.problem !== undefined) note(context.terminal, `it has not run: ${result.problem}.`);
  recommend(context.terminal, [
    ...(remote === "set" ? [`Release a commit: git push copilot ${local.manifest.source.branch}`] : []),
    `Watch it: copilot pipeline status --name ${local.name}`,
    `See its stages: copilot pipeline show --name ${local.name}`,
  ]);
}

/** The command by which git asks this program for the token; git gives it to a shell, so both paths are in quotes. */
function credentialHelper(): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return `!${quote(process.execPath)} ${quote(process.argv[1] ?? "copilot")} pipeline credential`;
}
