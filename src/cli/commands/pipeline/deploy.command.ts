import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, diff, named, yes } from "../../flags.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot pipeline deploy`. */
export const flags = {
  app,
  name: named("pipeline", "pipeline"),
  yes,
  diff,
  allowDowngrade,
} as const;

/** `copilot pipeline deploy`. */
export const pipelineDeploy = defineCommand({
  summary: "Creates or updates a pipeline.",
  aliases: ["update"],
  flags,
  load: loadNotYet("pipeline deploy"),
});
