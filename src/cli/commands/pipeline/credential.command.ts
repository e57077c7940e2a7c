import { defineCommand } from "../../define.ts";
import { app } from "../../flags.ts";

/** The flags of `copilot pipeline credential`. */
export const flags = { app } as const;

/** `copilot pipeline credential`: git asks it for the token of the remote `copilot`. */
export const pipelineCredential = defineCommand({
  summary: "Answers git when it asks for the password of the remote copilot.",
  hidden: true,
  argument: { name: "operation", brief: "What git asks for: get, store or erase." },
  flags,
  load: () => import("./credential.ts"),
});
