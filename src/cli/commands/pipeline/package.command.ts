import { defineCommand } from "../../define.ts";
import { app, json, named, outputDir, tag, uploadAssets } from "../../flags.ts";

/** The flags of `copilot pipeline package`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  tag,
  outputDir,
  uploadAssets,
  json,
} as const;

/** `copilot pipeline package`. */
export const pipelinePackage = defineCommand({
  summary: "Prints what a pipeline's deployment would apply, or writes what its stages deploy.",
  description:
    "With --output-dir it writes the files that the stages of the pipeline deploy, as a build does; images are built once for all environments.",
  flags,
  load: () => import("./package.ts"),
});
