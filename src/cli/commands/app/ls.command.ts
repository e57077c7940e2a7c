import { defineCommand } from "../../define.ts";
import { json } from "../../flags.ts";

/** The flags of `copilot app ls`. */
export const flags = {
  json,
} as const;

/** `copilot app ls`. */
export const appLs = defineCommand({
  summary: "Lists the applications.",
  flags,
  load: () => import("./ls.ts"),
});
