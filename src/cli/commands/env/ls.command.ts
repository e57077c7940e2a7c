import { defineCommand } from "../../define.ts";
import { app, json } from "../../flags.ts";

/** The flags of `copilot env ls`. */
export const flags = {
  app,
  json,
} as const;

/** `copilot env ls`. */
export const envLs = defineCommand({
  summary: "Lists the environments.",
  flags,
  load: () => import("./ls.ts"),
});
