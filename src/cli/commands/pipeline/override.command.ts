import { defineCommand } from "../../define.ts";
import { app, named, overriding } from "../../flags.ts";

/** The flags of `copilot pipeline override`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  ...overriding,
} as const;

/** `copilot pipeline override`. */
export const pipelineOverride = defineCommand({
  summary: "Writes files with which you change a pipeline's template.",
  flags,
  load: () => import("./override.ts"),
});
