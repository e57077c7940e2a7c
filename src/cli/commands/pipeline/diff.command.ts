import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline diff`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  execution: { kind: "number", minimum: 1, brief: "Number of the execution. The latest by default." },
  json,
} as const;

/** `copilot pipeline diff`. */
export const pipelineDiff = defineCommand({
  summary: "Shows what a waiting approval would change.",
  flags,
  load: () => import("./diff.ts"),
});
