import { defineCommand } from "../../define.ts";
import { app, execution, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline diff`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  execution,
  json,
} as const;

/** `copilot pipeline diff`. */
export const pipelineDiff = defineCommand({
  summary: "Shows what a waiting approval would change.",
  flags,
  load: () => import("./diff.ts"),
});
