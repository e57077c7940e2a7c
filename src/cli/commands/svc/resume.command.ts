import { defineCommand } from "../../define.ts";
import { app, env, named } from "../../flags.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot svc resume`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
} as const;

/** `copilot svc resume`. */
export const svcResume = defineCommand({
  summary: "Resumes a paused service.",
  flags,
  load: loadNotYet("svc resume"),
});
