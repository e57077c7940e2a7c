import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline reject`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  execution: { kind: "number", minimum: 1, brief: "Number of the execution. The latest by default." },
  action: { kind: "string", brief: "Name of the approval, where several wait." },
  comment: { kind: "string", brief: "Why; it is kept with the execution." },
  json,
} as const;

/** `copilot pipeline reject`. */
export const pipelineReject = defineCommand({
  summary: "Ends a waiting execution.",
  flags,
  load: () => import("./reject.ts"),
});
