import { defineCommand } from "../../define.ts";
import { app, execution, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline stop`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  execution,
  reason: { kind: "string", brief: "Why; it is kept with the execution." },
  json,
} as const;

/** `copilot pipeline stop`. */
export const pipelineStop = defineCommand({
  summary: "Ends an execution; what it has deployed stays.",
  flags,
  load: () => import("./stop.ts"),
});
