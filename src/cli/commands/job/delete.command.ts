import { defineCommand } from "../../define.ts";
import { app, env, json, named, yes } from "../../flags.ts";

/** The flags of `copilot job delete`. */
export const flags = {
  app,
  name: named("job", "job"),
  env,
  yes,
  json,
} as const;

/** `copilot job delete`. */
export const jobDelete = defineCommand({
  summary: "Deletes a job from one or all environments.",
  flags,
  load: () => import("./delete.ts"),
});
