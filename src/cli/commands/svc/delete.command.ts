import { defineCommand } from "../../define.ts";
import { app, env, json, named, yes } from "../../flags.ts";

/** The flags of `copilot svc delete`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  yes,
  json,
} as const;

/** `copilot svc delete`. */
export const svcDelete = defineCommand({
  summary: "Deletes a service from one or all environments.",
  flags,
  load: () => import("./delete.ts"),
});
