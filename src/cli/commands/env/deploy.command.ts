import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, detach, diff, diffYes, force, json, named, noRollback } from "../../flags.ts";

/** The flags of `copilot env deploy`. */
export const flags = {
  app,
  name: named("environment", "environment"),
  force,
  noRollback,
  detach,
  diff,
  diffYes,
  allowDowngrade,
  json,
} as const;

/** `copilot env deploy`. */
export const envDeploy = defineCommand({
  summary: "Deploys an environment.",
  flags,
  load: () => import("./deploy.ts"),
});
