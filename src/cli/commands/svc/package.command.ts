import { defineCommand } from "../../define.ts";
import { app, env, named, packaging } from "../../flags.ts";

/** The flags of `copilot svc package`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  ...packaging,
} as const;

/** `copilot svc package`. */
export const svcPackage = defineCommand({
  summary: "Prints what a service's deployment would apply.",
  flags,
  load: () => import("./package.ts"),
});
