import { defineCommand } from "../../define.ts";
import { app, deploying, env, force, json, named, resourceTags, tag } from "../../flags.ts";

/** The flags of `copilot svc deploy`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  tag,
  resourceTags,
  force,
  ...deploying,
  json,
} as const;

/** `copilot svc deploy`. */
export const svcDeploy = defineCommand({
  summary: "Builds and deploys a service.",
  flags,
  examples: [{ run: "copilot svc deploy --name api --env test", does: "Deploys it to test." }],
  load: () => import("./deploy.ts"),
});
