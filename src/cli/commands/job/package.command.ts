import { defineCommand } from "../../define.ts";
import { app, env, named, packaging } from "../../flags.ts";

/** The flags of `copilot job package`. */
export const flags = {
  app,
  name: named("job", "job"),
  env,
  ...packaging,
} as const;

/** `copilot job package`. */
export const jobPackage = defineCommand({
  summary: "Prints what a job's deployment would apply.",
  flags,
  load: () => import("./package.ts"),
});
