import { defineCommand } from "../../define.ts";
import { app, deploying, env, json, named, resourceTags, tag } from "../../flags.ts";

/** The flags of `copilot job deploy`. */
export const flags = {
  app,
  name: named("job", "job"),
  env,
  tag,
  resourceTags,
  ...deploying,
  json,
} as const;

/** `copilot job deploy`. */
export const jobDeploy = defineCommand({
  summary: "Builds and deploys a job.",
  flags,
  examples: [{ run: "copilot job deploy --name report --env test", does: "Deploys it to test." }],
  load: () => import("./deploy.ts"),
});
