import { defineCommand } from "../define.ts";

/** The flags of `copilot version`. */
export const flags = {} as const;

/** `copilot version`. */
export const version = defineCommand({
  summary: "Prints the version.",
  flags,
  load: () => import("./version.ts"),
});
