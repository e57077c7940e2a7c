import { defineCommand } from "../../define.ts";
import { resourceTags, target } from "../../flags.ts";

/** The flags of `copilot app init`. */
export const flags = {
  domain: { kind: "string", brief: "Domain whose names the services may take." },
  permissionsBoundary: { kind: "string", brief: "IAM policy that bounds every role.", awsOnly: true },
  resourceTags,
  target,
} as const;

/** `copilot app init`. */
export const appInit = defineCommand({
  summary: "Creates an application.",
  argument: { name: "name", brief: "Name of the application." },
  flags,
  examples: [{ run: "copilot app init shop", does: "Creates the application shop in this folder." }],
  load: () => import("./init.ts"),
});
