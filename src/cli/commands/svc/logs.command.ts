import { defineCommand } from "../../define.ts";
import { app, env, json, logWindow, named } from "../../flags.ts";

/** The flags of `copilot svc logs`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  ...logWindow,
  container: { kind: "string", brief: "Only this container." },
  previous: { kind: "boolean", short: "p", brief: "Only the task that stopped last." },
  logGroup: { kind: "string", brief: "Log group to read.", awsOnly: true },
  json,
} as const;

/** `copilot svc logs`. */
export const svcLogs = defineCommand({
  summary: "Shows what a service's containers wrote.",
  flags,
  examples: [{ run: "copilot svc logs --name api --env test --follow", does: "Goes on with what comes." }],
  load: () => import("./logs.ts"),
});
