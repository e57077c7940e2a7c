import { defineCommand } from "../../define.ts";
import { app, json } from "../../flags.ts";

/** The flags of `copilot pipeline init`. */
export const flags = {
  app,
  name: { kind: "string", short: "n", brief: "Name of the pipeline." },
  url: { kind: "string", short: "u", brief: "Address of the repository." },
  gitBranch: { kind: "string", short: "b", brief: "Branch to follow." },
  environments: { kind: "strings", short: "e", brief: "Environments in the order of the release.", complete: "environment" },
  pipelineType: { kind: "choice", short: "p", choices: ["Workloads", "Environments"], brief: "What it deploys." },
  githubAccessToken: { kind: "string", short: "t", brief: "Token for the repository.", hidden: true },
  githubUrl: { kind: "string", brief: "Old name of --url.", hidden: true },
  json,
} as const;

/** `copilot pipeline init`. */
export const pipelineInit = defineCommand({
  summary: "Writes the manifest of a release pipeline.",
  flags,
  load: () => import("./init.ts"),
});
