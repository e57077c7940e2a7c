import type { Completion, Flag } from "./define.ts";

/** `--app`: which application; nearly every command has it. */
export const app = {
  kind: "string",
  short: "a",
  brief: "Name of the application. The workspace's own by default.",
} as const satisfies Flag;

/** `--env`: in which environment. */
export const env = { kind: "string", short: "e", brief: "Name of the environment.", complete: "environment" } as const satisfies Flag;

/** `--name` of what a command is about. */
export const named = <const C extends Completion>(what: string, complete?: C) =>
  ({ kind: "string", short: "n", brief: `Name of the ${what}.`, ...(complete === undefined ? {} : { complete }) }) as const;

/** `--json`: data for programs. */
export const json = { kind: "boolean", brief: "Prints JSON on standard output." } as const satisfies Flag;

/** `--yes`: no question whether you are sure. */
export const yes = { kind: "boolean", brief: "Goes ahead without asking for confirmation." } as const satisfies Flag;

/** `--allow-downgrade`: an older program may change newer stacks. */
export const allowDowngrade = {
  kind: "boolean",
  brief: "Lets this version change what a newer version of Copilot deployed.",
  awsOnly: true,
} as const satisfies Flag;

/** `--resource-tags`: labels put on everything that is made. */
export const resourceTags = {
  kind: "map",
  brief: "Labels for everything that is made, as key=value,…",
  awsOnly: true,
} as const satisfies Flag;

/** `--tag` of built images. */
export const tag = { kind: "string", brief: "A tag for the built images, besides the one of their content." } as const satisfies Flag;

/** `--diff` of a deployment. */
export const diff = { kind: "boolean", brief: "Compares with what is deployed." } as const satisfies Flag;

/** `--diff-yes`: no question after the comparison. */
export const diffYes = { kind: "boolean", brief: "Deploys after the comparison without asking." } as const satisfies Flag;

/** `--no-rollback`: a failed deployment stays as it is. */
export const noRollback = { kind: "boolean", brief: "Leaves a failed deployment as it is, to be looked into." } as const satisfies Flag;

/** `--detach`: the deployment goes on by itself. */
export const detach = { kind: "boolean", brief: "Returns once the deployment has begun." } as const satisfies Flag;

/** `--force`: deploys although nothing changed. */
export const force = { kind: "boolean", brief: "Deploys again although nothing changed." } as const satisfies Flag;

/** `--output-dir` of the package commands. */
export const outputDir = {
  kind: "string",
  brief: "Writes the files into this folder instead of printing them.",
  complete: "directory",
} as const satisfies Flag;

/** `--upload-assets` of the package commands. */
export const uploadAssets = {
  kind: "boolean",
  brief: "Builds and pushes what the result refers to, and puts the real places into it.",
} as const satisfies Flag;

/** What every deployment understands, of a workload or an environment. */
export const deploying = { noRollback, detach, diff, diffYes, allowDowngrade } as const;

/** What the package commands of workloads understand. */
export const packaging = { tag, outputDir, uploadAssets, diff, allowDowngrade } as const;

/** `--resources` of the show commands. */
export const resources = { kind: "boolean", brief: "Also lists what exists for it." } as const satisfies Flag;

/** `--manifest` of the show commands of workloads and environments that are deployed. */
export const deployedManifest = {
  kind: "string",
  brief: "Prints the manifest as it was deployed in this environment.",
  complete: "environment",
} as const satisfies Flag;

/** `--execution` of a pipeline. */
export const execution = {
  kind: "number",
  minimum: 1,
  brief: "Number of the execution. The latest by default.",
} as const satisfies Flag;

/** Which approval is answered, and what is kept with the answer. */
export const answering = {
  execution,
  action: { kind: "string", brief: "Name of the approval, where several wait." },
  comment: { kind: "string", brief: "Why; it is kept with the execution." },
} as const satisfies Readonly<Record<string, Flag>>;

/** `--target`: where an application or environment lives. */
export const target = {
  kind: "choice",
  choices: ["docker", "aws"],
  brief: "Where it lives. By default aws with AWS credentials, else docker.",
} as const satisfies Flag;

/** `--dockerfile` of the init commands. */
export const dockerfile = {
  kind: "string",
  short: "d",
  brief: "Path of the Dockerfile to build. Not together with --image.",
  complete: "file",
} as const satisfies Flag;

/** `--image` of the init commands. */
export const image = { kind: "string", short: "i", brief: "Image that exists, instead of a Dockerfile." } as const satisfies Flag;

/** `--port` of the init commands. */
export const port = { kind: "port", brief: "Port at which the container listens." } as const satisfies Flag;

/** `--retries` of a job. */
export const retries = {
  kind: "number",
  minimum: 0,
  maximum: 100,
  brief: "How often a failed run is tried again.",
} as const satisfies Flag;

/** `--timeout` of a job. */
export const timeout = { kind: "string", brief: "How long a run may take, e.g. 1h30m." } as const satisfies Flag;

/** `--schedule` of a job; only `job init` has a short form. */
export const schedule = {
  kind: "string",
  brief: 'When it runs: cron ("0 9 * * 1"), "@daily", "@every 1h30m", rate(…) or cron(…).',
} as const satisfies Flag;

/** The credentials of an environment's account. */
export const credentials = {
  profile: { kind: "string", brief: "Named profile of the account of the new environment.", awsOnly: true },
  region: { kind: "string", brief: "Region of the new environment.", awsOnly: true },
  awsAccessKeyId: { kind: "string", brief: "Access key of the account of the new environment.", awsOnly: true },
  awsSecretAccessKey: { kind: "string", brief: "Secret access key that goes with it.", awsOnly: true },
  awsSessionToken: { kind: "string", brief: "Session token that goes with temporary keys.", awsOnly: true },
} as const satisfies Readonly<Record<string, Flag>>;

/** The flags of the override commands. */
export const overriding = {
  tool: { kind: "choice", choices: ["cdk", "yamlpatch"], brief: "How you want to write the changes.", awsOnly: true },
  cdkLanguage: { kind: "choice", choices: ["typescript"], default: "typescript", brief: "Language of the CDK application.", awsOnly: true },
  skipResources: { kind: "boolean", brief: "Writes the files without asking which resources to change.", awsOnly: true },
} as const satisfies Readonly<Record<string, Flag>>;

/** The time window and shape of a log. */
export const logWindow = {
  follow: { kind: "boolean", brief: "Goes on with what comes." },
  since: { kind: "duration", default: "0s", brief: "Only what is younger than this, e.g. 1h. Not together with --start-time." },
  startTime: { kind: "string", brief: "Only from this time on (RFC 3339)." },
  endTime: { kind: "string", brief: "Only until this time (RFC 3339)." },
  limit: { kind: "number", minimum: 1, maximum: 10_000, brief: "At most so many lines. 10 when no time is given." },
  tasks: { kind: "strings", brief: "Only these tasks, by the beginning of their ids." },
} as const satisfies Readonly<Record<string, Flag>>;
