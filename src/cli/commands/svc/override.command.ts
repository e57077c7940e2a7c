import { defineCommand } from "../../define.ts";
import { app, env, named, overriding } from "../../flags.ts";

/** The flags of `copilot svc override`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  ...overriding,
} as const;

/** `copilot svc override`. */
export const svcOverride = defineCommand({
  summary: "Writes files with which you change a service's template.",
  flags,
  load: () => import("./override.ts"),
});
