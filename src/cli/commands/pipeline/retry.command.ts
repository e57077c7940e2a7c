import { defineCommand } from "../../define.ts";
import { app, execution, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline retry`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  execution,
  from: { kind: "string", brief: "Begins with this action, although it succeeded." },
  detach: { kind: "boolean", brief: "Returns at once." },
  json,
} as const;

/** `copilot pipeline retry`. */
export const pipelineRetry = defineCommand({
  summary: "Runs the failed actions of an execution again.",
  flags,
  load: () => import("./retry.ts"),
});
