import { defineCommand } from "../define.ts";
import { app, env, named } from "../flags.ts";
import { loadNotYet } from "../not-yet.ts";

/** The flags of `copilot run`. */
export const flags = {
  app,
  env,
  name: named("workload", "workload"),
  envVarOverride: { kind: "map", brief: "Variables to set or replace, as [container:]KEY=VALUE,…" },
  portOverride: { kind: "strings", brief: "Ports of this machine, as host:container." },
  proxy: { kind: "boolean", brief: "Sends outgoing traffic through the environment's network." },
  proxyNetwork: { kind: "cidr", default: "172.20.0.0/16", brief: "Addresses to take for hosts behind the proxy." },
  useTaskRole: { kind: "boolean", brief: "Uses the credentials of the task's role." },
  watch: { kind: "boolean", brief: "Restarts when a file changes." },
} as const;

/** `copilot run local`. */
export const run = defineCommand({
  summary: "Runs a deployed workload's containers on this machine.",
  argument: { name: "where", brief: "Always local.", choices: ["local"] },
  flags,
  load: loadNotYet("run"),
});
