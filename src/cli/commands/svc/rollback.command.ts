import { defineCommand } from "../../define.ts";
import { app, env, json, named, yes } from "../../flags.ts";

/** The flags of `copilot svc rollback`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  revision: { kind: "number", minimum: 1, maximum: 1_000_000_000, brief: "Revision to go back to. By default the one before." },
  yes,
  json,
} as const;

/** `copilot svc rollback`. */
export const svcRollback = defineCommand({
  summary: "Goes back to an earlier release of a service.",
  flags,
  load: () => import("./rollback.ts"),
});
