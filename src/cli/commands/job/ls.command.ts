import { defineCommand } from "../../define.ts";
import { app, json } from "../../flags.ts";

/** The flags of `copilot job ls`. */
export const flags = {
  app,
  local: { kind: "boolean", brief: "Only what has a manifest here." },
  json,
} as const;

/** `copilot job ls`. */
export const jobLs = defineCommand({
  summary: "Lists the jobs.",
  flags,
  load: () => import("./ls.ts"),
});
