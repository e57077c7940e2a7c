import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline history`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  limit: { kind: "number", minimum: 1, maximum: 1000, default: 20, brief: "At most so many." },
  json,
} as const;

/** `copilot pipeline history`. */
export const pipelineHistory = defineCommand({
  summary: "Lists the executions of a pipeline.",
  flags,
  load: () => import("./history.ts"),
});
