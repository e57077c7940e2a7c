import { Problem } from "../../../model/problem.ts";
import type { ExecutionState } from "../../../pipelines/execution/state.ts";
import { formatAge } from "../../../terminal/format-age.ts";
import { actionWord, pendingApprovals, renderExecution, renderFailures, renderWaiting } from "../../../terminal/render-execution.ts";
import { renderFields, renderSection } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { withPipeline } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./status.command.ts";

/** Shows how a pipeline's latest execution is, and who is waited for. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name }) => {
    const description = await pipelines.find(application.name, name);
    if (description === undefined)
      throw new Problem("pipeline-not-found", `look for the pipeline ${name}: it is not deployed`, {
        hint: `run \`copilot pipeline deploy --name ${name}\``,
      });
    const { latest, sourceProblem } = description;
    if (flags.json) {
      printJson(context.terminal, {
        ...toStatusJson(name, latest?.state, description.updatedAt),
        ...(sourceProblem === undefined ? {} : { sourceProblem }),
      });
      return;
    }
    const { out } = context.terminal;
    if (latest === undefined) {
      out.write(
        `Pipeline ${name} has not run yet: ${sourceProblem ?? `it starts with the first push to branch ${description.pipeline.source.branch}`}.\n`,
      );
      return;
    }
    const { state } = latest;
    const now = context.now();
    const about = renderFields([
      ["Execution", `${state.number}, ${state.status}`],
      ["Commit", `${state.trigger.commit.slice(0, 8)} ${state.trigger.message ?? ""}`.trim()],
      ["Started", `${formatAge(state.startedAt, now)} by ${state.trigger.user} (${state.trigger.kind})`],
      ...(sourceProblem === undefined ? [] : [["Source problem", sourceProblem] as const]),
    ]);
    const waiting = renderWaiting(state, latest.waits, now);
    out.write(
      [
        renderSection("Pipeline Status", renderExecution(state, out.style), out.style),
        renderSection("Latest Execution", about, out.style),
        ...(waiting.length === 0 ? [] : [`${waiting.join("\n")}\n`]),
        renderFailures(state, out.style),
        renderSection("Last Deployment", renderFields([["Updated At", formatAge(state.updatedAt, now)]]), out.style),
      ]
        .filter((section) => section !== "")
        .join("\n"),
    );
  });

/** The status as the original's JSON has it, with the execution itself beside it. */
function toStatusJson(name: string, state: ExecutionState | undefined, updatedAt: string) {
  return {
    name,
    pipelineName: name,
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
  };
}
