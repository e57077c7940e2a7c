import { pendingApprovals } from "../../../terminal/render-execution.ts";
import type { CommandRun } from "../../define.ts";
import { executionNumber, withPipeline } from "../../open-pipeline.ts";
import { printJson, succeed } from "../../report.ts";
import type { flags } from "./approve.command.ts";

/** Lets a waiting execution go on. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name, user }) => {
    const number = executionNumber(flags.execution);
    const before = await pipelines.execution(application.name, name, number);
    const environments = pendingApprovals(before.state).map(({ environment }) => environment);
    const view = await pipelines.answer(application.name, name, before.state.number, {
      approved: true,
      user,
      ...(flags.comment === undefined ? {} : { comment: flags.comment }),
      ...(flags.action === undefined ? {} : { action: flags.action }),
    });
    if (flags.json) printJson(context.terminal, { execution: view.state });
    else succeed(context.terminal, `Approved execution ${before.state.number} of ${name} for ${environments.join(", ")}.`);
  });
