import { defineCommand } from "../../define.ts";
import { app, json } from "../../flags.ts";

/** The flags of `copilot pipeline ls`. */
export const flags = {
  app,
  local: { kind: "boolean", brief: "Only what has a manifest here." },
  json,
} as const;

/** `copilot pipeline ls`. */
export const pipelineLs = defineCommand({
  summary: "Lists the pipelines.",
  flags,
  load: () => import("./ls.ts"),
});
