import { defineCommand } from "../../define.ts";
import { app, named } from "../../flags.ts";

/** The flags of `copilot env upgrade`. */
export const flags = {
  app,
  name: named("environment", "environment"),
  all: { kind: "boolean", brief: "Every environment." },
} as const;

/** `copilot env upgrade`, which does nothing any more. */
export const envUpgrade = defineCommand({
  summary: "Has no effect; env deploy does it.",
  hidden: true,
  flags,
  load: () => import("./upgrade.ts"),
});
