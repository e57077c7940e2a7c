import { defineCommand } from "../../define.ts";
import { app, json, named, yes } from "../../flags.ts";

/** The flags of `copilot pipeline delete`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  yes,
  json,
  deleteSecret: { kind: "boolean", brief: "Also deletes the token of the repository." },
} as const;

/** `copilot pipeline delete`. */
export const pipelineDelete = defineCommand({
  summary: "Deletes a pipeline.",
  flags,
  load: () => import("./delete.ts"),
});
