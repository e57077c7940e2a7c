import { defineCommand } from "../../define.ts";
import { answering, app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline approve`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  ...answering,
  json,
} as const;

/** `copilot pipeline approve`. */
export const pipelineApprove = defineCommand({
  summary: "Lets a waiting execution go on.",
  flags,
  load: () => import("./approve.ts"),
});
