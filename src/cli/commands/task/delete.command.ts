import { defineCommand } from "../../define.ts";
import { app, env, named, yes } from "../../flags.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot task delete`. */
export const flags = {
  app,
  name: named("task group"),
  env,
  default: { kind: "boolean", brief: "Looks in the default cluster.", awsOnly: true },
  yes,
} as const;

/** `copilot task delete`. */
export const taskDelete = defineCommand({
  summary: "Stops one-off tasks and deletes what was made for them.",
  flags,
  load: loadNotYet("task delete"),
});
