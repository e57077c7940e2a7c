import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline approve`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  execution: { kind: "number", minimum: 1, brief: "Number of the execution. The latest by default." },
  action: { kind: "string", brief: "Name of the approval, where several wait." },
  comment: { kind: "string", brief: "Why; it is kept with the execution." },
  json,
} as const;

/** `copilot pipeline approve`. */
export const pipelineApprove = defineCommand({
  summary: "Lets a waiting execution go on.",
  flags,
  load: () => import("./approve.ts"),
});
