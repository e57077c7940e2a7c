import { defineCommand } from "../../define.ts";
import { loadNotYet } from "../../not-yet.ts";

/** The flags of `copilot task run`. */
export const flags = {
  taskGroupName: { kind: "string", short: "n", brief: "Name under which tasks of one kind are kept.", section: "Name" },
  dockerfile: { kind: "string", default: "Dockerfile", brief: "Path of the Dockerfile to build.", section: "Build", complete: "file" },
  buildContext: { kind: "string", brief: "Folder that is the build's context.", section: "Build", complete: "directory" },
  buildArgs: { kind: "map", brief: "Build arguments, as key=value,…", section: "Build" },
  image: { kind: "string", short: "i", brief: "Image that exists, instead of a Dockerfile.", section: "Build" },
  tag: { kind: "string", brief: "A tag for the built image.", section: "Build" },
  app: { kind: "string", brief: "Name of the application.", section: "Placement" },
  env: { kind: "string", brief: "Name of the environment.", section: "Placement", complete: "environment" },
  cluster: { kind: "string", brief: "Cluster to run in.", section: "Placement", awsOnly: true },
  subnets: { kind: "strings", brief: "Subnets to run in.", section: "Placement", awsOnly: true },
  securityGroups: { kind: "strings", brief: "Security groups.", section: "Placement", awsOnly: true },
  default: { kind: "boolean", brief: "Runs in the default cluster and subnets.", section: "Placement", awsOnly: true },
  count: { kind: "number", minimum: 1, maximum: 10, default: 1, brief: "How many tasks.", section: "Task" },
  cpu: { kind: "number", default: 256, brief: "CPU units; 1024 are one processor.", section: "Task" },
  memory: { kind: "number", default: 512, brief: "Memory in MiB.", section: "Task" },
  command: { kind: "string", brief: "Command to run.", section: "Task" },
  entrypoint: { kind: "string", brief: "Entry point to run.", section: "Task" },
  envVars: { kind: "map", brief: "Variables, as key=value,…", section: "Task" },
  envFile: { kind: "string", brief: "File of variables.", section: "Task", complete: "file" },
  secrets: { kind: "map", brief: "Variables from secrets, as variable=secret,…", section: "Task" },
  acknowledgeSecretsAccess: { kind: "boolean", brief: "Grants access to the secrets without asking.", section: "Task" },
  platformOs: { kind: "string", brief: "Operating system.", section: "Task" },
  platformArch: { kind: "string", brief: "Architecture.", section: "Task" },
  taskRole: { kind: "string", brief: "Role of the task.", section: "Task", awsOnly: true },
  executionRole: { kind: "string", brief: "Role that starts the task.", section: "Task", awsOnly: true },
  resourceTags: { kind: "map", brief: "Labels for everything that is made, as key=value,…", section: "Task" },
  follow: { kind: "boolean", brief: "Shows what it writes and waits for its end.", section: "Utility" },
  generateCmd: { kind: "string", brief: "Prints the command that runs a task like this service.", section: "Utility" },
} as const;

/** `copilot task run`. */
export const taskRun = defineCommand({
  summary: "Runs a one-off task.",
  flags,
  load: loadNotYet("task run"),
});
