import { defineCommand } from "../define.ts";
import { app, json } from "../flags.ts";

/** The flags of `copilot why`. */
export const flags = {
  app,
  limit: { kind: "number", minimum: 1, maximum: 1000, default: 10, brief: "At most so many decisions." },
  json,
} as const;

/** `copilot why`. */
export const why = defineCommand({
  summary: "Says why pipelines deployed a workload, or passed it over.",
  argument: { name: "workload", brief: "Name of the service or job." },
  flags,
  examples: [{ run: "copilot why api", does: "Shows the last decisions about api." }],
  load: () => import("./why.ts"),
});
