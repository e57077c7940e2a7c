import { compileLocalPipeline } from "../../../operations/pipelines/register-pipeline.ts";
import { packagePipeline, writePackagedFiles } from "../../../operations/pipelines/package-pipeline.ts";
import { workloadsForPipeline } from "../../../operations/pipelines/pipeline-workloads.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun, FlagValues } from "../../define.ts";
import { requireWorkspace, toOperationContext, withApplication, type OpenedApplication } from "../../open-application.ts";
import { selectLocalPipeline } from "../../open-pipeline.ts";
import { packagePipelineStack } from "../../package-pipeline-stack.ts";
import { printJson, succeed } from "../../report.ts";
import { writeFiles, writePackage } from "../../write-package.ts";
import type { WorkloadPackage } from "../../../targets/target.ts";
import type { flags } from "./package.command.ts";

/** Prints the compiled pipeline, or writes what its stages deploy. On AWS: prints or writes the stack of the pipeline itself. */
export const run: CommandRun<typeof flags> = (input, context) =>
  withApplication(context, { app: input.flags.app }, async (opened) => {
    if (opened.session.packagePipeline === undefined) return packageForControlPlane(input.flags, context, opened);
    const pipeline = await selectLocalPipeline(context, opened, input.flags.name);
    const packaged = await packagePipelineStack(context, opened, { pipeline, withOverrides: true });
    opened.progress.close();
    if (input.flags.json) return printPackage(context, packaged, input.flags.outputDir);
    return writePackage(context, packaged, input.flags.outputDir);
  });

/** The stack of a pipeline for programs: its template, or where it was written. */
async function printPackage(context: CommandContext, { files }: WorkloadPackage, folder: string | undefined): Promise<void> {
  const printed =
    folder === undefined || folder === "" ? { template: files[0].content } : { files: await writeFiles(context, files, folder) };
  printJson(context.terminal, "pipeline package", printed);
}

async function packageForControlPlane(given: FlagValues<typeof flags>, context: CommandContext, opened: OpenedApplication): Promise<void> {
  const { root } = requireWorkspace(opened);
  const local = await selectLocalPipeline(context, opened, given.name);
  const pipeline = await compileLocalPipeline(local, { files: context.files, root, application: opened.application.name });
  if (given.outputDir === undefined) {
    opened.progress.close();
    if (given.json) printJson(context.terminal, "pipeline package", { pipeline });
    else context.terminal.out.write(`${JSON.stringify(pipeline, undefined, 2)}\n`);
    return;
  }
  const operation = toOperationContext(context, opened, root);
  const [workloads, environments] = await Promise.all([
    workloadsForPipeline(local.manifest, context.files, root),
    opened.session.records.environments(opened.application.name),
  ]);
  const files = await packagePipeline(
    {
      pipeline,
      workloads,
      environments,
      outputDirectory: given.outputDir.replace(/\/$/, ""),
      build: given.uploadAssets,
      ...(given.tag === undefined ? {} : { tag: given.tag }),
    },
    operation,
  );
  await writePackagedFiles(files, root, context);
  opened.progress.close();
  if (given.json) printJson(context.terminal, "pipeline package", { files: files.map(({ path }) => path) });
  else for (const { path } of files) succeed(context.terminal, `Wrote ${path}.`);
}
