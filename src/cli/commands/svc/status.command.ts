import { defineCommand } from "../../define.ts";
import { app, env, json, named } from "../../flags.ts";

/** The flags of `copilot svc status`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  json,
} as const;

/** `copilot svc status`. */
export const svcStatus = defineCommand({
  summary: "Shows how a deployed service is.",
  flags,
  load: () => import("./status.ts"),
});
