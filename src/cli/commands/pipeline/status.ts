import type { ExecutionView, PipelineDescription } from "../../../pipelines/pipeline-api.ts";
import { formatAge } from "../../../terminal/format-age.ts";
import { actionWord, pendingApprovals, renderExecution, renderFailures, renderWaiting } from "../../../terminal/render-execution.ts";
import type { Style } from "../../../terminal/style.ts";
import { renderFields, renderSection } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { describePipeline, withPipeline } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./status.command.ts";

/** Shows how a pipeline's latest execution is, and who is waited for. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async (opened) => {
    const description = await describePipeline(opened);
    const { latest, sourceProblem, pipeline } = description;
    const { out } = context.terminal;
    if (flags.json) printJson(context.terminal, "pipeline status", toStatusJson(description));
    else if (latest === undefined)
      out.write(
        `Pipeline ${pipeline.name} has not run yet: ${sourceProblem ?? `it starts with the first push to branch ${pipeline.source.branch}`}.\n`,
      );
    else out.write(renderStatus(latest, sourceProblem, { style: out.style, now: context.now() }));
  });

function renderStatus(
  { state, waits }: ExecutionView,
  sourceProblem: string | undefined,
  { style, now }: { readonly style: Style; readonly now: Date },
): string {
  const { trigger } = state;
  const about = renderFields([
    ["Execution", `${state.number}, ${state.status}`],
    ["Commit", `${trigger.commit.slice(0, 8)} ${trigger.message ?? ""}`.trim()],
    ["Started", `${formatAge(state.startedAt, now)} by ${trigger.user} (${trigger.kind})`],
    ...(sourceProblem === undefined ? [] : [["Source problem", sourceProblem] as const]),
  ]);
  const waiting = renderWaiting(state, waits, now);
  return [
    renderSection("Pipeline Status", renderExecution(state, style), style),
    renderSection("Latest Execution", about, style),
    ...(waiting.length === 0 ? [] : [`${waiting.join("\n")}\n`]),
    renderFailures(state, style),
    renderSection("Last Deployment", renderFields([["Updated At", formatAge(state.updatedAt, now)]]), style),
  ]
    .filter((section) => section !== "")
    .join("\n");
}

/** The status as the original's JSON has it, with the execution itself beside it. */
function toStatusJson({ pipeline, latest, updatedAt, sourceProblem }: PipelineDescription) {
  const state = latest?.state;
  return {
    name: pipeline.name,
    pipelineName: pipeline.name,
    stageStates: orNull(
      (state?.stages ?? []).map((stage) => ({
        stageName: stage.name,
        actions: orNull(
          stage.actions.flatMap((action) => (actionWord(action) === undefined ? [] : [{ name: action.name, status: actionWord(action) }])),
        ),
        transition: "ENABLED",
      })),
    ),
    updatedAt: state?.updatedAt ?? updatedAt,
    ...(state === undefined ? {} : { execution: state, waitsFor: pendingApprovals(state) }),
    ...(sourceProblem === undefined ? {} : { sourceProblem }),
  };
}
