import type { CommandContext } from "../../context.ts";
import type { CommandRun } from "../../define.ts";
import { withApplication, type OpenedApplication } from "../../open-application.ts";
import { localPipelines, toPipelines } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./ls.command.ts";
import { toTargetPipelineJson } from "./show-target-pipeline.ts";
import { toPipelineJson } from "./show.ts";

/** Lists the pipelines of the application, or those with a manifest here. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const registered = await listRegistered(context, opened);
    if (!flags.local) {
      if (flags.json) printJson(context.terminal, "pipeline ls", { pipelines: orNull(registered) });
      else for (const { name } of registered) context.terminal.out.write(`${name}\n`);
      return;
    }
    const local = await localPipelines(context, opened);
    const deployedAs = (name: string): string | undefined => registered.find((pipeline) => pipeline.name === name)?.pipelineName;
    if (flags.json) {
      const pipelines = local.map(({ name, path }) => {
        const pipelineName = deployedAs(name);
        return { name, manifestPath: path, ...(pipelineName === undefined ? {} : { pipelineName }) };
      });
      printJson(context.terminal, "pipeline ls", { pipelines: orNull(pipelines) });
    } else for (const { name } of local) context.terminal.out.write(`${name}\n`);
  });

async function listRegistered(context: CommandContext, opened: OpenedApplication) {
  const { session, application } = opened;
  if (session.targetPipelines !== undefined) return (await session.targetPipelines(application.name)).map(toTargetPipelineJson);
  return (await toPipelines(context, opened).pipelines.list(application.name)).map(toPipelineJson);
}
