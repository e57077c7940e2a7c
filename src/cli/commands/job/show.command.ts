import { defineCommand } from "../../define.ts";
import { app, json, named } from "../../flags.ts";

/** The flags of `copilot job show`. */
export const flags = {
  app,
  name: named("job", "job"),
  resources: { kind: "boolean", brief: "Also lists what exists for it." },
  manifest: { kind: "string", brief: "Prints the manifest as it was deployed in this environment.", complete: "environment" },
  json,
} as const;

/** `copilot job show`. */
export const jobShow = defineCommand({
  summary: "Shows how a job is deployed.",
  flags,
  load: () => import("./show.ts"),
});
