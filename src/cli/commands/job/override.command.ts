import { defineCommand } from "../../define.ts";
import { app, env, named, overriding } from "../../flags.ts";

/** The flags of `copilot job override`. */
export const flags = {
  app,
  name: named("job", "job"),
  env,
  ...overriding,
} as const;

/** `copilot job override`. */
export const jobOverride = defineCommand({
  summary: "Writes files with which you change a job's template.",
  flags,
  load: () => import("./override.ts"),
});
