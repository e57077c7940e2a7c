import { defineCommand } from "../../define.ts";
import { app, deploying, force, json, named } from "../../flags.ts";

/** The flags of `copilot env deploy`. */
export const flags = {
  app,
  name: named("environment", "environment"),
  force,
  ...deploying,
  json,
} as const;

/** `copilot env deploy`. */
export const envDeploy = defineCommand({
  summary: "Deploys an environment.",
  flags,
  load: () => import("./deploy.ts"),
});
