import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, diff, env, named, outputDir, tag, uploadAssets } from "../../flags.ts";

/** The flags of `copilot svc package`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  tag,
  outputDir,
  uploadAssets,
  diff,
  allowDowngrade,
} as const;

/** `copilot svc package`. */
export const svcPackage = defineCommand({
  summary: "Prints what a service's deployment would apply.",
  flags,
  load: () => import("./package.ts"),
});
