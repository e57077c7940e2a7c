import { defineCommand } from "../define.ts";
import { app, dockerfile, image, port, retries, schedule, tag, target, timeout } from "../flags.ts";
import { workloadTypes } from "../../model/names.ts";

/** The flags of `copilot init`. */
export const flags = {
  app,
  name: { kind: "string", short: "n", brief: "Name of the service or job." },
  type: {
    kind: "choice",
    short: "t",
    choices: workloadTypes,
    brief: "Type of the workload.",
  },
  dockerfile,
  image,
  port,
  env: { kind: "string", short: "e", brief: "Name of the environment to create and deploy to. test by default.", complete: "environment" },
  deploy: { kind: "switch", brief: "Deploys right away; --deploy=false does not ask." },
  tag,
  schedule,
  retries,
  timeout,
  sources: { kind: "array", brief: "Files and folders of a Static Site.", complete: "file" },
  target,
} as const;

/** `copilot init`. */
export const init = defineCommand({
  summary: "Sets up an application and its first workload, and deploys it.",
  description:
    "From nothing to a running workload: creates the application, writes the manifest of a service or job and, if you like, an environment, and deploys both.",
  flags,
  examples: [
    { run: "copilot init", does: "Asks for everything it needs." },
    {
      run: "copilot init --app shop --name web --type 'Load Balanced Web Service' --dockerfile ./Dockerfile --deploy",
      does: "Asks nothing and deploys.",
    },
  ],
  load: () => import("./init.ts"),
});
