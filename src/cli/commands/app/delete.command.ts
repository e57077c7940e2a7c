import { defineCommand } from "../../define.ts";
import { json, yes } from "../../flags.ts";

/** The flags of `copilot app delete`. */
export const flags = {
  name: { kind: "string", short: "n", brief: "Name of the application. The workspace's own by default." },
  yes,
  json,
} as const;

/** `copilot app delete`. */
export const appDelete = defineCommand({
  summary: "Deletes an application and everything in it.",
  description: "Deletes the workloads, environments and records of an application. Manifests stay.",
  flags,
  load: () => import("./delete.ts"),
});
