import { defineCommand } from "../define.ts";
import { allowDowngrade, app, credentials, detach, env, force, json, noRollback, resourceTags, tag } from "../flags.ts";

/** The flags of `copilot deploy`. */
export const flags = {
  app,
  env,
  name: {
    kind: "strings",
    short: "n",
    brief: "Workloads to deploy, each with an optional priority: -n db/1 -n api/2.",
    complete: "workload",
  },
  all: { kind: "boolean", brief: "Deploys every workload that has a manifest here." },
  initWkld: { kind: "switch", brief: "Registers workloads that the application does not know yet." },
  initEnv: { kind: "switch", brief: "Registers the environment when the application does not know it yet." },
  deployEnv: { kind: "switch", brief: "Deploys the environment first; --deploy-env=false skips it." },
  tag,
  resourceTags,
  force,
  noRollback,
  detach,
  allowDowngrade,
  ...credentials,
  json,
} as const;

/** `copilot deploy`. */
export const deploy = defineCommand({
  summary: "Deploys one or several workloads to an environment.",
  description:
    "Several names deploy one after another or, with a priority, in groups: everything of one priority at once, lower numbers first.",
  flags,
  examples: [
    { run: "copilot deploy --all --env test", does: "Deploys the whole workspace to test." },
    { run: "copilot deploy -n db/1 -n api/2 -n web/2 --env test", does: "Deploys db, then api and web at once." },
  ],
  load: () => import("./deploy.ts"),
});
