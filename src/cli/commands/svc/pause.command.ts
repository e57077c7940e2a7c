import { defineCommand } from "../../define.ts";
import { app, env, json, named, yes } from "../../flags.ts";

/** The flags of `copilot svc pause`. */
export const flags = {
  app,
  name: named("service", "service"),
  env,
  yes,
  json,
} as const;

/** `copilot svc pause`. */
export const svcPause = defineCommand({
  summary: "Pauses a service: its tasks end, all else is kept.",
  description: "On AWS only a Request-Driven Web Service can be paused, on Docker every service with tasks.",
  flags,
  examples: [{ run: "copilot svc pause --name api --env test", does: "Ends the tasks of api until it is resumed or deployed again." }],
  load: () => import("./pause.ts"),
});
