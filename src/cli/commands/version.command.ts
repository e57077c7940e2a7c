import { defineCommand } from "../define.ts";
import { json } from "../flags.ts";

/** The flags of `copilot version`. */
export const flags = { json } as const;

/** `copilot version`. */
export const version = defineCommand({
  summary: "Prints the version.",
  flags,
  load: () => import("./version.ts"),
});
