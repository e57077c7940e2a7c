import type { ExecutionState } from "../../../pipelines/execution/state.ts";
import { formatAge } from "../../../terminal/format-age.ts";
import { renderTable } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { withPipeline } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./history.command.ts";

/** Lists the executions of a pipeline, the newest first. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name }) => {
    const executions = await pipelines.executions(application.name, name, flags.limit);
    if (flags.json) {
      printJson(context.terminal, "pipeline history", { executions: orNull(executions) });
      return;
    }
    const now = context.now();
    const rows = executions.map((state) => [
      String(state.number),
      state.status,
      state.trigger.commit.slice(0, 8),
      formatAge(state.startedAt, now),
      `${state.trigger.user} (${state.trigger.kind})`,
      whereIs(state),
      state.trigger.message ?? "",
    ]);
    context.terminal.out.write(renderTable(["Execution", "Status", "Commit", "Started", "By", "Stage", "Message"], rows, { minimum: 8 }));
  });

/** The stage that an execution is in or ended at. */
const whereIs = (state: ExecutionState): string =>
  (state.stages.find(({ status }) => status !== "succeeded") ?? state.stages.at(-1))?.name ?? "";
