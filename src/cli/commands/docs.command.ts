import { defineCommand } from "../define.ts";

/** The flags of `copilot docs`. */
export const flags = {} as const;

/** `copilot docs`. */
export const docs = defineCommand({
  summary: "Shows where the documentation is.",
  flags,
  load: () => import("./docs.ts"),
});
