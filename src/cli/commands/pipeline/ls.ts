import type { CommandRun } from "../../define.ts";
import { localPipelines, withPipelines } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./ls.command.ts";
import { toPipelineJson } from "./show.ts";

/** Lists the pipelines of the application, or those with a manifest here. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipelines(context, { app: flags.app }, async (opened) => {
    const registered = await opened.pipelines.list(opened.application.name);
    if (!flags.local) {
      if (flags.json) printJson(context.terminal, { pipelines: orNull(registered.map(toPipelineJson)) });
      else for (const { pipeline } of registered) context.terminal.out.write(`${pipeline.name}\n`);
      return;
    }
    const local = await localPipelines(context, opened);
    const isRegistered = (name: string): boolean => registered.some(({ pipeline }) => pipeline.name === name);
    if (flags.json) {
      const pipelines = local.map(({ name, path }) => ({
        name,
        manifestPath: path,
        ...(isRegistered(name) ? { pipelineName: name } : {}),
      }));
      printJson(context.terminal, { pipelines: orNull(pipelines) });
    } else for (const { name } of local) context.terminal.out.write(`${name}\n`);
  });
