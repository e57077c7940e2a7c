import { defineCommand } from "../../define.ts";
import { app, json, named, resources } from "../../flags.ts";

/** The flags of `copilot pipeline show`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  resources,
  json,
} as const;

/** `copilot pipeline show`. */
export const pipelineShow = defineCommand({
  summary: "Shows a deployed pipeline.",
  flags,
  load: () => import("./show.ts"),
});
