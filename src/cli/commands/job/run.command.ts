import { defineCommand } from "../../define.ts";
import { app, env, json, named } from "../../flags.ts";

/** The flags of `copilot job run`. */
export const flags = {
  app,
  name: named("job", "job"),
  env,
  follow: { kind: "boolean", brief: "Waits for the run and shows what it writes." },
  json,
} as const;

/** `copilot job run`. */
export const jobRun = defineCommand({
  summary: "Starts one run of a job now.",
  flags,
  load: () => import("./run.ts"),
});
