import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline run`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  commit: { kind: "string", brief: "Releases this commit or branch instead of the folder as it is." },
  remote: { kind: "boolean", brief: "Releases what the source has now, instead of the folder as it is." },
  detach: { kind: "boolean", brief: "Returns once the execution has begun." },
  json,
} as const;

/** `copilot pipeline run`. */
export const pipelineRun = defineCommand({
  summary: "Starts a pipeline, from this folder or from a commit.",
  flags,
  load: () => import("./run.ts"),
});
