import type { CommandRun } from "../../define.ts";
import { followExecution, reportExecution } from "../../follow-execution.ts";
import { executionNumber, withPipeline } from "../../open-pipeline.ts";
import { printJson, succeed } from "../../report.ts";
import type { flags } from "./retry.command.ts";

/** Runs the failed actions of an execution again, or one that is named and what is behind it. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async (opened) => {
    const { pipelines, application, name, user } = opened;
    const request = { user, ...(flags.from === undefined ? {} : { from: flags.from }) };
    const { state } = await pipelines.retry(application.name, name, executionNumber(flags.execution), request);
    if (flags.detach) {
      if (flags.json) printJson(context.terminal, "pipeline retry", { execution: state });
      else succeed(context.terminal, `Execution ${state.number} of ${name} goes on.`);
      return 0;
    }
    const end = await followExecution(context, opened, state.number);
    opened.progress.close();
    return reportExecution(context, end, flags.json);
  });
