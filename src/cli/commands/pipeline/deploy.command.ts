import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, diff, json, named, yes } from "../../flags.ts";

/** The flags of `copilot pipeline deploy`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  yes,
  diff,
  allowDowngrade,
  json,
} as const;

/** `copilot pipeline deploy`. */
export const pipelineDeploy = defineCommand({
  summary: "Creates or updates a pipeline.",
  aliases: ["update"],
  flags,
  load: () => import("./deploy.ts"),
});
