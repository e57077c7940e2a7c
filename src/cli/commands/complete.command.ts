import { defineCommand } from "../define.ts";

/** The flags of `copilot complete`. */
export const flags = {
  words: { kind: "array", brief: "The words before the one to complete, and that word." },
} as const;

/** `copilot complete`, which the completion scripts call. */
export const complete = defineCommand({
  summary: "Prints what can be completed.",
  hidden: true,
  flags,
  load: () => import("./complete.ts"),
});
