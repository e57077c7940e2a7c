import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, diff, env, named, outputDir, tag, uploadAssets } from "../../flags.ts";

/** The flags of `copilot job package`. */
export const flags = {
  app,
  name: named("job", "job"),
  env,
  tag,
  outputDir,
  uploadAssets,
  diff,
  allowDowngrade,
} as const;

/** `copilot job package`. */
export const jobPackage = defineCommand({
  summary: "Prints what a job's deployment would apply.",
  flags,
  load: () => import("./package.ts"),
});
