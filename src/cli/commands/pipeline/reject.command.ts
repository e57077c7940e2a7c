import { defineCommand } from "../../define.ts";
import { answering, app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline reject`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  ...answering,
  json,
} as const;

/** `copilot pipeline reject`. */
export const pipelineReject = defineCommand({
  summary: "Ends a waiting execution.",
  flags,
  load: () => import("./reject.ts"),
});
