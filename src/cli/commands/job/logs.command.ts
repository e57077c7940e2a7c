import { defineCommand } from "../../define.ts";
import { app, env, json, logWindow, named } from "../../flags.ts";

/** The flags of `copilot job logs`. */
export const flags = {
  app,
  name: named("job", "job"),
  env,
  last: { kind: "number", minimum: 1, maximum: 1000, default: 1, brief: "How many runs." },
  ...logWindow,
  includeStateMachine: { kind: "boolean", brief: "Also the log of the state machine.", awsOnly: true },
  json,
} as const;

/** `copilot job logs`. */
export const jobLogs = defineCommand({
  summary: "Shows what the last runs of a job wrote.",
  flags,
  load: () => import("./logs.ts"),
});
