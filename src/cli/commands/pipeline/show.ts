import { Problem } from "../../../model/problem.ts";
import type { Action, Stage } from "../../../model/pipeline.ts";
import type { PipelineDescription } from "../../../pipelines/pipeline-api.ts";
import { formatAge } from "../../../terminal/format-age.ts";
import { renderFields, renderSection, renderTable } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { withPipeline } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./show.command.ts";

/** Shows a pipeline's stages and source. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name }) => {
    const description = await pipelines.find(application.name, name);
    if (description === undefined)
      throw new Problem("pipeline-not-found", `look for the pipeline ${name}: it is not deployed`, {
        hint: `run \`copilot pipeline deploy --name ${name}\``,
      });
    if (flags.json) {
      printJson(context.terminal, { ...toPipelineJson(description), resources: orNull(flags.resources ? resourcesOf(description) : []) });
      return;
    }
    const { out } = context.terminal;
    const now = context.now();
    const about = renderFields([
      ["Name", name],
      ["Application", application.name],
      ["Source", `${description.pipeline.source.repository}, branch ${description.pipeline.source.branch}`],
      ...(description.sourceProblem === undefined ? [] : [["Source problem", description.sourceProblem] as const]),
      ["Execution mode", description.pipeline.executionMode],
      ["Webhook", `/webhooks/${application.name}/${name}`],
      ["Created", formatAge(description.createdAt, now)],
      ["Updated", `${formatAge(description.updatedAt, now)} by ${description.user}`],
    ]);
    const rows = description.pipeline.stages.flatMap(({ name: stage, actions }) =>
      actions.map((action, index) => [index === 0 ? stage : '  "', action.name, categoryOf(action), describeAction(action)]),
    );
    const sections = [
      renderSection("About", about, out.style),
      renderSection("Stages", renderTable(["Stage", "Action", "Category", "Details"], rows, { indent: 2, minimum: 8 }), out.style),
    ];
    if (flags.resources) {
      const resources = renderTable(
        ["Type", "Name"],
        resourcesOf(description).map(({ type, name: resource }) => [type, resource]),
        { indent: 2, minimum: 8 },
      );
      sections.push(renderSection("Resources", resources, out.style));
    }
    out.write(sections.join("\n"));
  });

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

const resourcesOf = ({ pipeline }: PipelineDescription) => [
  { type: "Git repository", name: `/git/${pipeline.application}` },
  { type: "Webhook", name: `/webhooks/${pipeline.application}/${pipeline.name}` },
];
