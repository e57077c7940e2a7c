import { Problem } from "../model/problem.ts";
import { listLocalPipelines, type LocalPipeline } from "../operations/pipelines/local-pipelines.ts";
import { readsLeniently, toSentence } from "../operations/load-specs.ts";
import { userName } from "../operations/deploy-workloads.ts";
import type { PipelineClient, PipelineDescription } from "../pipelines/pipeline-api.ts";
import type { CommandContext } from "./context.ts";
import { requireWorkspace, withApplication, type OpenedApplication, type OpenOptions } from "./open-application.ts";
import { notYet } from "./not-yet.ts";

/** An application with its pipelines within reach. */
export interface OpenedPipelines extends OpenedApplication {
  readonly pipelines: PipelineClient;
  readonly user: string;
}

/** A pipeline that is registered, by name. */
export interface OpenedPipeline extends OpenedPipelines {
  readonly name: string;
}

/** Connects to the application's home for the time of `work`. */
export const withPipelines = <T>(
  context: CommandContext,
  options: OpenOptions,
  work: (opened: OpenedPipelines) => Promise<T>,
): Promise<T> => withApplication(context, options, (opened) => work(toPipelines(context, opened)));

/** An opened application with its pipelines. Throws a `Problem` where the target does not run them itself. */
export function toPipelines(context: CommandContext, opened: OpenedApplication): OpenedPipelines {
  const { pipelines } = opened.session;
  if (pipelines === undefined) throw notYet(`work on the pipelines of ${opened.application.name}, which lives on ${opened.session.target}`);
  return { ...opened, pipelines, user: userName(context.variables) };
}

/** As {@link withPipelines}, with the registered pipeline that is named, the workspace's only one, the only one, or the one that is chosen. */
export const withPipeline = <T>(
  context: CommandContext,
  options: OpenOptions & { readonly name: string | undefined },
  work: (opened: OpenedPipeline) => Promise<T>,
): Promise<T> => withPipelines(context, options, async (opened) => work(await toPipeline(context, opened, options.name)));

/** One of the pipelines: the named one, the only one, or the one that is chosen. */
export const toPipeline = async (context: CommandContext, opened: OpenedPipelines, name: string | undefined): Promise<OpenedPipeline> => ({
  ...opened,
  name: name ?? (await chooseRegistered(context, opened.application.name, await registeredNames(opened))),
});

const registeredNames = async ({ pipelines, application }: OpenedPipelines): Promise<readonly string[]> =>
  (await pipelines.list(application.name)).map(({ pipeline }) => pipeline.name);

/** The registered pipeline that was opened. Rejects when it is not deployed. */
export async function describePipeline({ pipelines, application, name }: OpenedPipeline): Promise<PipelineDescription> {
  const description = await pipelines.find(application.name, name);
  if (description !== undefined) return description;
  throw new Problem("pipeline-not-found", `look for the pipeline ${name}: it is not deployed`, {
    hint: `run \`copilot pipeline deploy --name ${name}\``,
  });
}

/** The only deployed pipeline, or the one that is chosen. */
export async function chooseRegistered(context: CommandContext, application: string, registered: readonly string[]): Promise<string> {
  const [only] = registered;
  if (only === undefined)
    throw new Problem("no-pipeline", `look for a pipeline of ${application}: none is deployed`, {
      hint: "run `copilot pipeline deploy`",
    });
  if (registered.length === 1) {
    context.terminal.err.write(`Only found one pipeline, taking ${only}.\n`);
    return only;
  }
  const choices = registered.map((name) => ({ value: name, label: name }));
  return context.prompts.select({ message: "Which pipeline?", flag: "--name", choices });
}

/** The pipelines of the workspace. What is only worth a warning is told on standard error. */
export const localPipelines = (context: CommandContext, opened: OpenedApplication): Promise<readonly LocalPipeline[]> =>
  listLocalPipelines(context.files, requireWorkspace(opened).root, {
    lenient: readsLeniently(opened.session),
    warn: (warning) => opened.progress.tell({ type: "notice", level: "warning", message: toSentence(warning) }),
  });

/** The pipeline of the workspace that is named, the only one, or the one that is chosen. */
export async function selectLocalPipeline(
  context: CommandContext,
  opened: OpenedApplication,
  name: string | undefined,
): Promise<LocalPipeline> {
  const local = await localPipelines(context, opened);
  const [only] = local;
  if (only === undefined)
    throw new Problem("no-pipeline", "look for a pipeline: the workspace has none", { hint: "run `copilot pipeline init`" });
  if (name !== undefined) {
    const found = local.find((pipeline) => pipeline.name === name);
    if (found !== undefined) return found;
    throw new Problem(
      "pipeline-not-found",
      `look for the pipeline ${name}: the workspace has ${local.map((pipeline) => pipeline.name).join(", ")}`,
      {
        hint: `run \`copilot pipeline init --name ${name}\``,
      },
    );
  }
  if (local.length === 1) {
    context.terminal.err.write(`Only found one pipeline, taking ${only.name}.\n`);
    return only;
  }
  return context.prompts.select({
    message: "Which pipeline?",
    flag: "--name",
    choices: local.map((pipeline) => ({ value: pipeline, label: pipeline.name })),
  });
}

/** The execution that a flag names; the latest without one. */
export const executionNumber = (value: number | undefined): number | "latest" => value ?? "latest";
