import { defineCommand } from "../../define.ts";
import { app, execution, json, named } from "../../flags.ts";

/** The flags of `copilot pipeline logs`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  execution,
  stage: { kind: "string", brief: "Only this stage, e.g. DeployTo-test." },
  action: { kind: "string", brief: "Only this action, e.g. Build." },
  follow: { kind: "boolean", brief: "Goes on with what comes." },
  json,
} as const;

/** `copilot pipeline logs`. */
export const pipelineLogs = defineCommand({
  summary: "Shows what the actions of an execution wrote.",
  flags,
  load: () => import("./logs.ts"),
});
