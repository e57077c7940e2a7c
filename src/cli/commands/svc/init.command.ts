import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, dockerfile, image, port } from "../../flags.ts";
import { isJobType, workloadTypes } from "../../../model/names.ts";

const serviceTypes = workloadTypes.filter((type) => !isJobType(type));

/** The flags of `copilot svc init`. */
export const flags = {
  app,
  name: { kind: "string", short: "n", brief: "Name of the service." },
  svcType: { kind: "choice", short: "t", choices: serviceTypes, brief: "Type of the service." },
  dockerfile,
  image,
  port,
  ingressType: { kind: "choice", choices: ["Environment", "Internet"], brief: "Who reaches a Request-Driven Web Service." },
  subscribeTopics: { kind: "array", brief: "Topics that a Worker Service gets, each as service:topic." },
  noSubscribe: { kind: "boolean", brief: "Asks nothing about topics." },
  sources: { kind: "array", brief: "Files and folders of a Static Site.", complete: "file" },
  allowDowngrade,
} as const;

/** `copilot svc init`. */
export const svcInit = defineCommand({
  summary: "Writes the manifest of a service and registers it.",
  flags,
  examples: [
    {
      run: "copilot svc init --name api --svc-type 'Backend Service' --dockerfile ./api/Dockerfile",
      does: "Writes copilot/api/manifest.yml.",
    },
  ],
  load: () => import("./init.ts"),
});
