import { Problem } from "../../../model/problem.ts";
import type { TargetPipeline } from "../../../targets/target.ts";
import { formatAge } from "../../../terminal/format-age.ts";
import { renderFields } from "../../../terminal/table.ts";
import { tableSection, type Section } from "../../show-page.ts";

/** A pipeline that the target's own service runs, as JSON has it. */
export const toTargetPipelineJson = (pipeline: TargetPipeline) => ({
  name: pipeline.name,
  pipelineName: pipeline.resourceName,
  region: pipeline.region,
  accountId: pipeline.account,
  stages: pipeline.stages,
  createdAt: pipeline.createdAt,
  updatedAt: pipeline.updatedAt,
});

/** The pipeline of that name. Throws a `Problem` when it is not deployed. */
export function findTargetPipeline(pipelines: readonly TargetPipeline[], name: string): TargetPipeline {
  const found = pipelines.find((pipeline) => pipeline.name === name);
  if (found !== undefined) return found;
  throw new Problem("pipeline-not-found", `look for the pipeline ${name}: it is not deployed`, {
    hint: pipelines.length === 0 ? "no pipeline of the application is" : `there are ${pipelines.map((each) => each.name).join(", ")}`,
  });
}

/** What `pipeline show` prints of it for people. */
export function targetPipelineSections(pipeline: TargetPipeline, now: Date): readonly Section[] {
  const about = renderFields([
    ["Name", pipeline.name],
    ["Region", pipeline.region],
    ["AccountID", pipeline.account],
    ["Created At", formatAge(pipeline.createdAt, now)],
    ["Updated At", formatAge(pipeline.updatedAt, now)],
  ]);
  const rows = pipeline.stages.map(({ name, category, provider, details }) => [name, category, provider, details]);
  return [["About", about], tableSection("Stages", { header: ["Name", "Category", "Provider", "Details"], rows })];
}
