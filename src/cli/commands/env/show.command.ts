import { defineCommand } from "../../define.ts";
import { app, json, named, resources } from "../../flags.ts";

/** The flags of `copilot env show`. */
export const flags = {
  app,
  name: named("environment", "environment"),
  resources,
  manifest: { kind: "boolean", brief: "Prints the manifest as it was deployed." },
  json,
} as const;

/** `copilot env show`. */
export const envShow = defineCommand({
  summary: "Shows an environment.",
  flags,
  load: () => import("./show.ts"),
});
