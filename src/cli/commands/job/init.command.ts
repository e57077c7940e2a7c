import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, dockerfile, image, retries, schedule, timeout } from "../../flags.ts";

/** The flags of `copilot job init`. */
export const flags = {
  app,
  name: { kind: "string", short: "n", brief: "Name of the job." },
  jobType: { kind: "choice", short: "t", choices: ["Scheduled Job"], brief: "Type of the job." },
  dockerfile,
  image,
  schedule: { ...schedule, short: "s" },
  retries,
  timeout,
  allowDowngrade,
} as const;

/** `copilot job init`. */
export const jobInit = defineCommand({
  summary: "Writes the manifest of a job and registers it.",
  flags,
  examples: [
    {
      run: "copilot job init --name report --dockerfile ./report/Dockerfile --schedule @daily",
      does: "Writes copilot/report/manifest.yml.",
    },
  ],
  load: () => import("./init.ts"),
});
