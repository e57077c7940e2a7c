import { defineCommand } from "../define.ts";
import { json } from "../flags.ts";

/** The flags of `copilot validate`. */
export const flags = {
  env: { kind: "string", short: "e", brief: "Checks what the manifests mean in this environment only.", complete: "environment" },
  lenient: { kind: "boolean", brief: "Accepts what the original accepted: unknown fields are warnings." },
  resolved: { kind: "boolean", brief: "Prints the manifests as they are after variables and overrides. Needs --env." },
  json,
} as const;

/** `copilot validate`. */
export const validate = defineCommand({
  summary: "Checks manifests without touching anything.",
  description:
    "Reads the workspace, a folder or one manifest and reports every complaint with its place. Needs no engine, account or network.",
  argument: { name: "path", brief: "A manifest or a folder; the workspace by default." },
  flags,
  examples: [
    { run: "copilot validate", does: "Checks everything in the workspace." },
    { run: "copilot validate copilot/api/manifest.yml --env prod --resolved", does: "Shows what the manifest means in prod." },
  ],
  load: () => import("./validate.ts"),
});
