import { defineCommand } from "../../define.ts";
import { app, deployedManifest, json, named, resources } from "../../flags.ts";

/** The flags of `copilot svc show`. */
export const flags = {
  app,
  name: named("service", "service"),
  resources,
  manifest: deployedManifest,
  json,
} as const;

/** `copilot svc show`. */
export const svcShow = defineCommand({
  summary: "Shows how a service is deployed.",
  flags,
  load: () => import("./show.ts"),
});
