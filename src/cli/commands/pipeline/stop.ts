import type { CommandRun } from "../../define.ts";
import { executionNumber, withPipeline } from "../../open-pipeline.ts";
import { printJson, succeed } from "../../report.ts";
import type { flags } from "./stop.command.ts";

/** Ends an execution; what it has deployed stays. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name, user }) => {
    const request = { user, ...(flags.reason === undefined ? {} : { reason: flags.reason }) };
    const { state } = await pipelines.stop(application.name, name, executionNumber(flags.execution), request);
    if (flags.json) printJson(context.terminal, "pipeline stop", { execution: state });
    else succeed(context.terminal, `Stopped execution ${state.number} of ${name}. What it has deployed stays.`);
  });
