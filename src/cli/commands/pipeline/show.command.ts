import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot pipeline show`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  resources: { kind: "boolean", brief: "Also lists what exists for it." },
  json,
} as const;

/** `copilot pipeline show`. */
export const pipelineShow = defineCommand({
  summary: "Shows a deployed pipeline.",
  flags,
  load: loadNotYet("pipeline show"),
});
