import { defineCommand } from "../../define.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot app upgrade`. */
export const flags = {
  name: { kind: "string", short: "n", brief: "Name of the application. The workspace's own by default." },
} as const;

/** `copilot app upgrade`. */
export const appUpgrade = defineCommand({
  summary: "Brings an application's templates up to this version.",
  flags,
  load: loadNotYet("app upgrade"),
});
