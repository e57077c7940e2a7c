import { compileLocalPipeline } from "../../../operations/pipelines/register-pipeline.ts";
import { packagePipeline, writePackagedFiles } from "../../../operations/pipelines/package-pipeline.ts";
import { listLocalWorkloads } from "../../../operations/local-workloads.ts";
import type { CommandRun } from "../../define.ts";
import { requireWorkspace, toOperationContext } from "../../open-application.ts";
import { selectLocalPipeline, withPipelines } from "../../open-pipeline.ts";
import { succeed } from "../../report.ts";
import type { flags } from "./package.command.ts";

/** Prints the compiled pipeline, or writes what its stages deploy. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipelines(context, { app: flags.app }, async (opened) => {
    const { root } = requireWorkspace(opened);
    const local = await selectLocalPipeline(context, opened, flags.name);
    const pipeline = await compileLocalPipeline(local, { files: context.files, root, application: opened.application.name });
    if (flags.outputDir === undefined) {
      opened.progress.close();
      context.terminal.out.write(`${JSON.stringify(pipeline, undefined, 2)}\n`);
      return;
    }
    const operation = toOperationContext(context, opened, root);
    const [workloads, environments] = await Promise.all([
      listLocalWorkloads(context.files, root),
      opened.session.records.environments(opened.application.name),
    ]);
    const files = await packagePipeline(
      {
        pipeline,
        workloads,
        environments,
        outputDirectory: flags.outputDir.replace(/\/$/, ""),
        build: flags.uploadAssets,
        ...(flags.tag === undefined ? {} : { tag: flags.tag }),
      },
      operation,
    );
    await writePackagedFiles(files, root, context);
    opened.progress.close();
    for (const { path } of files) succeed(context.terminal, `Wrote ${path}.`);
  });
