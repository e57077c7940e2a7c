import { defineCommand } from "../../define.ts";
import { app, env, json, named } from "../../flags.ts";

/** The flags of `copilot svc resume`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  json,
} as const;

/** `copilot svc resume`. */
export const svcResume = defineCommand({
  summary: "Lets a paused service run again.",
  flags,
  examples: [{ run: "copilot svc resume --name api --env test", does: "Starts the tasks of api as they were deployed last." }],
  load: () => import("./resume.ts"),
});
