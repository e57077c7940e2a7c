import { defineCommand } from "../../define.ts";
import { app, named, overriding } from "../../flags.ts";

/** The flags of `copilot env override`. */
export const flags = {
  app,
  name: named("environment", "environment"),
  ...overriding,
} as const;

/** `copilot env override`. */
export const envOverride = defineCommand({
  summary: "Writes files with which you change an environment's template.",
  flags,
  load: () => import("./override.ts"),
});
