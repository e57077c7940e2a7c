import type { CommandRun } from "../../define.ts";
import { executionNumber, withPipeline } from "../../open-pipeline.ts";
import { printJson } from "../../report.ts";
import type { flags } from "./logs.command.ts";

/** Shows what the actions of an execution wrote, in the order of time. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name }) => {
    const query = {
      number: executionNumber(flags.execution),
      follow: flags.follow,
      ...(flags.stage === undefined ? {} : { stage: flags.stage }),
      ...(flags.action === undefined ? {} : { action: flags.action }),
    };
    const { out } = context.terminal;
    for await (const line of pipelines.logs(application.name, name, query, context.signal)) {
      if (flags.json) printJson(context.terminal, "pipeline logs", line);
      else out.write(`${out.style.faint(`${line.stage}/${line.action}`)} ${line.text}\n`);
    }
  });
