import { defineCommand } from "../../define.ts";
import { app } from "../../flags.ts";

/** The flags of `copilot secret init`. */
export const flags = {
  app,
  name: { kind: "string", short: "n", brief: "Name of the secret." },
  values: { kind: "map", brief: "Value for each environment, as environment=value,…" },
  cliInputYaml: { kind: "string", brief: "File with secrets and their values for each environment.", complete: "file" },
  overwrite: { kind: "boolean", brief: "Replaces a secret that exists." },
} as const;

/** `copilot secret init`. */
export const secretInit = defineCommand({
  summary: "Creates or updates a secret in environments.",
  flags,
  examples: [{ run: "copilot secret init --name db_password", does: "Asks for a value for each environment." }],
  load: () => import("./init.ts"),
});
