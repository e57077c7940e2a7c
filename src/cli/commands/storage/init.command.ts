import { defineCommand } from "../../define.ts";

/** The flags of `copilot storage init`. */
export const flags = {
  storageType: { kind: "choice", short: "t", choices: ["DynamoDB", "S3", "Aurora"], brief: "Kind of storage.", section: "Required" },
  name: { kind: "string", short: "n", brief: "Name of the storage.", section: "Required" },
  workload: { kind: "string", short: "w", brief: "Workload that uses it.", section: "Required", complete: "workload" },
  lifecycle: {
    kind: "choice",
    short: "l",
    choices: ["workload", "environment"],
    brief: "With what it is created and deleted.",
    section: "Required",
  },
  addIngressFrom: {
    kind: "string",
    brief: "Workload that shall reach storage of the environment.",
    section: "Required",
    complete: "workload",
  },
  partitionKey: { kind: "string", brief: "Partition key, as name:type.", section: "DynamoDB" },
  sortKey: { kind: "string", brief: "Sort key, as name:type.", section: "DynamoDB" },
  noSort: { kind: "boolean", brief: "Has no sort key.", section: "DynamoDB" },
  lsi: { kind: "array", brief: "Additional sort keys, each as name:type.", section: "DynamoDB" },
  noLsi: { kind: "boolean", brief: "Has no additional sort keys.", section: "DynamoDB" },
  engine: { kind: "choice", choices: ["MySQL", "PostgreSQL"], brief: "Database engine.", section: "Aurora Serverless" },
  initialDb: { kind: "string", brief: "Name of the first database.", section: "Aurora Serverless" },
  parameterGroup: { kind: "string", brief: "Parameter group of the database.", section: "Aurora Serverless" },
  serverlessVersion: {
    kind: "choice",
    choices: ["v1", "v2"],
    default: "v2",
    brief: "Version of Aurora Serverless.",
    section: "Aurora Serverless",
  },
} as const;

/** `copilot storage init`. */
export const storageInit = defineCommand({
  summary: "Adds a bucket, table or database for a workload.",
  flags,
  load: () => import("./init.ts"),
});
