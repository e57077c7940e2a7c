import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline status`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  json,
} as const;

/** `copilot pipeline status`. */
export const pipelineStatus = defineCommand({
  summary: "Shows how a pipeline's stages are.",
  flags,
  load: () => import("./status.ts"),
});
