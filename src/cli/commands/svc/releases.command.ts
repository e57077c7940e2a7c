import { defineCommand } from "../../define.ts";
import { app, env, json, named } from "../../flags.ts";

/** The flags of `copilot svc releases`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  json,
} as const;

/** `copilot svc releases`. */
export const svcReleases = defineCommand({
  summary: "Lists the releases of a service in an environment.",
  flags,
  load: () => import("./releases.ts"),
});
