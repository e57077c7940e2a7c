import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, detach, diff, diffYes, env, force, json, named, noRollback, resourceTags, tag } from "../../flags.ts";

/** The flags of `copilot svc deploy`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  tag,
  resourceTags,
  force,
  noRollback,
  detach,
  diff,
  diffYes,
  allowDowngrade,
  json,
} as const;

/** `copilot svc deploy`. */
export const svcDeploy = defineCommand({
  summary: "Builds and deploys a service.",
  flags,
  examples: [{ run: "copilot svc deploy --name api --env test", does: "Deploys it to test." }],
  load: () => import("./deploy.ts"),
});
