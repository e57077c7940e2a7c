import { pipelineExtensions } from "../../../operations/read-extensions.ts";
import type { CommandRun } from "../../define.ts";
import { requireWorkspace, withApplication } from "../../open-application.ts";
import { selectLocalPipeline } from "../../open-pipeline.ts";
import { packagePipelineStack } from "../../package-pipeline-stack.ts";
import { requireTemplates, writeOverrides } from "../../write-overrides.ts";
import type { flags } from "./override.command.ts";

/** Writes files with which a person changes a pipeline's template. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const { root } = requireWorkspace(opened);
    requireTemplates(opened.session, "a pipeline");
    const pipeline = await selectLocalPipeline(context, opened, flags.name);
    await writeOverrides(context, flags, {
      subject: `the pipeline ${pipeline.name}`,
      noun: "pipeline",
      root,
      folder: pipelineExtensions(pipeline.name).overrides,
      hasEnvironment: false,
      template: () => packagePipelineStack(context, opened, { pipeline, withOverrides: false }),
    });
  });
