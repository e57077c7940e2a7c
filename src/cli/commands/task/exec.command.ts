import { defineCommand } from "../../define.ts";
import { app, env, named } from "../../flags.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot task exec`. */
export const flags = {
  app,
  name: named("task group"),
  env,
  command: { kind: "string", short: "c", default: "/bin/sh", brief: "Command to run." },
  taskId: { kind: "string", brief: "Task to take, by the beginning of its id." },
  default: { kind: "boolean", brief: "Looks in the default cluster.", awsOnly: true },
  yes: { kind: "switch", brief: "Installs what the terminal session needs without asking.", awsOnly: true },
} as const;

/** `copilot task exec`. */
export const taskExec = defineCommand({
  summary: "Runs a command in a running one-off task.",
  flags,
  load: loadNotYet("task exec"),
});
