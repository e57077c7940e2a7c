import { defineCommand } from "../../define.ts";
import { app, json, named, yes } from "../../flags.ts";

/** The flags of `copilot env delete`. */
export const flags = {
  app,
  name: named("environment", "environment"),
  yes,
  json,
} as const;

/** `copilot env delete`. */
export const envDelete = defineCommand({
  summary: "Deletes an environment.",
  flags,
  load: () => import("./delete.ts"),
});
