import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot svc show`. */
export const flags = {
  app,
  name: named("service", "service"),
  resources: { kind: "boolean", brief: "Also lists what exists for it." },
  manifest: { kind: "string", brief: "Prints the manifest as it was deployed in this environment.", complete: "environment" },
  json,
} as const;

/** `copilot svc show`. */
export const svcShow = defineCommand({
  summary: "Shows how a service is deployed.",
  flags,
  load: () => import("./show.ts"),
});
