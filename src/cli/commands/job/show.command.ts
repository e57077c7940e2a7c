import { defineCommand } from "../../define.ts";
import { app, deployedManifest, json, named, resources } from "../../flags.ts";

/** The flags of `copilot job show`. */
export const flags = {
  app,
  name: named("job", "job"),
  resources,
  manifest: deployedManifest,
  json,
} as const;

/** `copilot job show`. */
export const jobShow = defineCommand({
  summary: "Shows how a job is deployed.",
  flags,
  load: () => import("./show.ts"),
});
