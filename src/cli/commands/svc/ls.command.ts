import { defineCommand } from "../../define.ts";
import { app, json } from "../../flags.ts";

/** The flags of `copilot svc ls`. */
export const flags = {
  app,
  local: { kind: "boolean", brief: "Only what has a manifest here." },
  json,
} as const;

/** `copilot svc ls`. */
export const svcLs = defineCommand({
  summary: "Lists the services.",
  flags,
  load: () => import("./ls.ts"),
});
