import { defineCommand } from "../../define.ts";
import { app, env, named } from "../../flags.ts";

/** The flags of `copilot svc exec`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  command: { kind: "string", short: "c", default: "/bin/sh", brief: "Command to run." },
  taskId: { kind: "string", brief: "Task to take, by the beginning of its id." },
  container: { kind: "string", brief: "Container to take. The main one by default." },
  yes: { kind: "switch", brief: "Installs what the terminal session needs without asking.", awsOnly: true },
} as const;

/** `copilot svc exec`. */
export const svcExec = defineCommand({
  summary: "Runs a command in a running container of a service.",
  flags,
  examples: [{ run: "copilot svc exec --name api --env test", does: "Opens a shell." }],
  load: () => import("./exec.ts"),
});
