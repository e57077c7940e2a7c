import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, diff, force, named, outputDir, uploadAssets } from "../../flags.ts";

/** The flags of `copilot env package`. */
export const flags = {
  app,
  name: named("environment", "environment"),
  outputDir,
  uploadAssets,
  force,
  diff,
  allowDowngrade,
} as const;

/** `copilot env package`. */
export const envPackage = defineCommand({
  summary: "Prints what an environment's deployment would apply.",
  flags,
  load: () => import("./package.ts"),
});
