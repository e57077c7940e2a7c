import type { Action, Pipeline, Stage } from "../../../model/pipeline.ts";
import type { PipelineDescription } from "../../../pipelines/pipeline-api.ts";
import { formatAge } from "../../../terminal/format-age.ts";
import { renderFields } from "../../../terminal/table.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun, FlagValues } from "../../define.ts";
import { withApplication, type OpenedApplication } from "../../open-application.ts";
import { chooseRegistered, describePipeline, toPipeline, toPipelines } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import { renderPage, renderResources, tableSection, type Section } from "../../show-page.ts";
import { findTargetPipeline, targetPipelineSections, toTargetPipelineJson } from "./show-target-pipeline.ts";
import type { flags } from "./show.command.ts";

/** Shows a pipeline's stages and source. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (application) => {
    if (application.session.targetPipelines !== undefined) return showTargetPipeline(context, application, flags);
    const description = await describePipeline(await toPipeline(context, toPipelines(context, application), flags.name));
    const resources = flags.resources ? resourcesOf(description) : [];
    const { out } = context.terminal;
    if (flags.json) printJson(context.terminal, "pipeline show", { ...toPipelineJson(description), resources: orNull(resources) });
    else out.write(renderPage(toSections(description, resources, context.now()), out.style));
  });

async function showTargetPipeline(context: CommandContext, opened: OpenedApplication, given: FlagValues<typeof flags>): Promise<void> {
  const { session, application } = opened;
  const pipelines = (await session.targetPipelines?.(application.name)) ?? [];
  const names = pipelines.map((pipeline) => pipeline.name);
  const found = findTargetPipeline(pipelines, given.name ?? (await chooseRegistered(context, application.name, names)));
  const made = given.resources ? ((await session.targetPipelineResources?.(application.name, found)) ?? []) : [];
  const { out } = context.terminal;
  const resources = made.map(({ type, physicalId }) => ({ type, name: physicalId }));
  if (given.json) {
    printJson(context.terminal, "pipeline show", { ...toTargetPipelineJson(found), resources: orNull(resources) });
    return;
  }
  const sections = targetPipelineSections(found, context.now());
  out.write(renderPage(made.length === 0 ? sections : [...sections, ["Resources", renderResources(made)]], out.style));
}

function toSections(description: PipelineDescription, resources: readonly PipelineResource[], now: Date): readonly Section[] {
  const { pipeline, sourceProblem } = description;
  const { name, application, source } = pipeline;
  const about = renderFields([
    ["Name", name],
    ["Application", application],
    ["Source", `${source.repository}, branch ${source.branch}`],
    ...(sourceProblem === undefined ? [] : [["Source problem", sourceProblem] as const]),
    ["Execution mode", pipeline.executionMode],
    ["Webhook", webhookPath(pipeline)],
    ["Created", formatAge(description.createdAt, now)],
    ["Updated", `${formatAge(description.updatedAt, now)} by ${description.user}`],
  ]);
  const actions = pipeline.stages.flatMap(({ name: stage, actions: ofStage }) =>
    ofStage.map((action, index) => [index === 0 ? stage : '  "', action.name, categoryOf(action), describeAction(action)]),
  );
  const named = resources.map(({ type, name: resource }) => [type, resource]);
  return [
    ["About", about],
    tableSection("Stages", { header: ["Stage", "Action", "Category", "Details"], rows: actions, width: 8 }),
    ...(resources.length === 0 ? [] : [tableSection("Resources", { header: ["Type", "Name"], rows: named, width: 8 })]),
  ];
}

/** A pipeline as the original's JSON has it. */
export const toPipelineJson = ({ pipeline, createdAt, updatedAt }: PipelineDescription) => ({
  name: pipeline.name,
  pipelineName: pipeline.name,
  region: "",
  accountId: "",
  stages: pipeline.stages.map((stage) => ({
    name: stage.name,
    category: stage.actions.map(categoryOf).at(-1) ?? "",
    provider: providerOf(stage),
    details: stage.actions
      .map(describeAction)
      .filter((text) => text !== "")
      .join("; "),
  })),
  createdAt,
  updatedAt,
});

function categoryOf({ name, work }: Action): string {
  if (work.kind === "build") return name === "Build" ? "Build" : "Test";
  return { source: "Source", approval: "Approval", deploy: "Deploy" }[work.kind];
}

const providerOf = ({ actions }: Stage): string => {
  const work = actions[0]?.work;
  return work?.kind === "source" ? work.source.provider : "Docker";
};

function describeAction({ work }: Action): string {
  switch (work.kind) {
    case "source":
      return `Repository: ${work.source.repository}, branch: ${work.source.branch}`;
    case "build":
      return work.buildspec.kind === "file" ? `Buildspec: ${work.buildspec.path}` : work.buildspec.commands.join("; ");
    case "approval":
      return `A person lets it go on to ${work.environment}`;
    case "deploy":
      return `${work.name} in ${work.environment}`;
  }
}

interface PipelineResource {
  readonly type: string;
  readonly name: string;
}

const webhookPath = ({ application, name }: Pipeline): string => `/webhooks/${application}/${name}`;

const resourcesOf = ({ pipeline }: PipelineDescription): readonly PipelineResource[] => [
  { type: "Git repository", name: `/git/${pipeline.application}` },
  { type: "Webhook", name: webhookPath(pipeline) },
];
