import { Problem } from "../model/problem.ts";
import {
  findLocalPipelines,
  type FoundPipelines,
  type LocalPipeline,
  type UnreadablePipeline,
} from "../operations/pipelines/local-pipelines.ts";
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

/** The pipelines of the workspace that can be read. The others, and what is only worth a warning, are told on standard error. */
export async function localPipelines(context: CommandContext, opened: OpenedApplication): Promise<readonly LocalPipeline[]> {
  const found = await findPipelines(context, opened);
  tellUnreadable(opened, found);
  for (const pipeline of found.pipelines) tellWarnings(opened, pipeline);
  return found.pipelines;
}

/** The pipeline of the workspace that is named, the only one, or the one that is chosen. What is wrong with others is nobody's concern. */
export async function selectLocalPipeline(
  context: CommandContext,
  opened: OpenedApplication,
  name: string | undefined,
): Promise<LocalPipeline> {
  const found = await findPipelines(context, opened);
  const pipeline = name === undefined ? await choosePipeline(context, opened, found) : findPipeline(found, name);
  tellWarnings(opened, pipeline);
  return pipeline;
}

const findPipelines = (context: CommandContext, opened: OpenedApplication): Promise<FoundPipelines> =>
  findLocalPipelines(context.files, requireWorkspace(opened).root, { lenient: readsLeniently(opened.session) });

const warn = ({ progress }: OpenedApplication, message: string): void => progress.tell({ type: "notice", level: "warning", message });

function tellWarnings(opened: OpenedApplication, { warnings }: LocalPipeline): void {
  for (const warning of warnings) warn(opened, toSentence(warning));
}

function tellUnreadable(opened: OpenedApplication, { unreadable }: FoundPipelines): void {
  for (const { complaints } of unreadable) for (const complaint of complaints) warn(opened, `Left out: ${toSentence(complaint)}`);
}

function findPipeline({ pipelines, unreadable }: FoundPipelines, name: string): LocalPipeline {
  const found = pipelines.find((pipeline) => pipeline.name === name);
  if (found !== undefined) return found;
  const own = unreadable.find(({ names }) => names.includes(name));
  if (own !== undefined) throw manifestRefused([own]);
  const others = pipelines.map((pipeline) => pipeline.name).join(", ");
  throw new Problem("pipeline-not-found", `look for the pipeline ${name}: the workspace has ${others === "" ? "none" : others}`, {
    hint: `run \`copilot pipeline init --name ${name}\``,
  });
}

async function choosePipeline(context: CommandContext, opened: OpenedApplication, found: FoundPipelines): Promise<LocalPipeline> {
  const { pipelines, unreadable } = found;
  const [only] = pipelines;
  if (only === undefined) {
    if (unreadable.length > 0) throw manifestRefused(unreadable);
    throw new Problem("no-pipeline", "look for a pipeline: the workspace has none", { hint: "run `copilot pipeline init`" });
  }
  tellUnreadable(opened, found);
  if (pipelines.length === 1) {
    context.terminal.err.write(`Only found one pipeline, taking ${only.name}.\n`);
    return only;
  }
  return context.prompts.select({
    message: "Which pipeline?",
    flag: "--name",
    choices: pipelines.map((pipeline) => ({ value: pipeline, label: pipeline.name })),
  });
}

function manifestRefused(unreadable: readonly UnreadablePipeline[]): Problem {
  const diagnostics = unreadable.flatMap(({ complaints }) => complaints);
  return new Problem("manifest-invalid", `read ${unreadable.map(({ path }) => path).join(" and ")}: it has errors`, { diagnostics });
}

/** The execution that a flag names; the latest without one. */
export const executionNumber = (value: number | undefined): number | "latest" => value ?? "latest";
