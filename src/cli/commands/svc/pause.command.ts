import { defineCommand } from "../../define.ts";
import { app, env, named, yes } from "../../flags.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot svc pause`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  yes,
} as const;

/** `copilot svc pause`. */
export const svcPause = defineCommand({
  summary: "Pauses a Request-Driven Web Service.",
  flags,
  load: loadNotYet("svc pause"),
});
