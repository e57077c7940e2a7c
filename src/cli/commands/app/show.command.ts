import { defineCommand } from "../../define.ts";
import { json } from "../../flags.ts";

/** The flags of `copilot app show`. */
export const flags = {
  name: { kind: "string", short: "n", brief: "Name of the application. The workspace's own by default." },
  json,
} as const;

/** `copilot app show`. */
export const appShow = defineCommand({
  summary: "Shows an application with its environments and workloads.",
  flags,
  load: () => import("./show.ts"),
});
