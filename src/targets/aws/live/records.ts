import type { Application, Environment, Workload } from "../../../model/application.ts";
import { workloadTypes } from "../../../model/names.ts";
import { Problem } from "../../../model/problem.ts";
import { isJsonObject, toJson, type Json, type JsonObject } from "../cloudformation/json.ts";
import { formerManifest } from "./former-manifest.ts";

/** An application as its record has it. */
export interface ApplicationRecord {
  readonly application: Application;
  /** Where the application was made. */
  readonly account: string;
}

/** An environment as its record has it. */
export interface EnvironmentRecord {
  readonly environment: Environment;
  readonly region: string;
  readonly account: string;
  /** Which whoever works on the environment takes on. */
  readonly managerRoleArn: string;
  /** By which CloudFormation makes the environment's stacks. */
  readonly executionRoleArn: string;
  /** The manifest that counts while the stack of the environment keeps none: what was asked before there were manifests. */
  readonly formerManifest: string;
}

/** Where the records of an application and its parts lie in the Parameter Store of the application's home. */
export const recordPaths = {
  applications: "/copilot/applications/",
  application: (application: string) => `/copilot/applications/${application}`,
  environments: (application: string) => `/copilot/applications/${application}/environments/`,
  environment: (application: string, environment: string) => `/copilot/applications/${application}/environments/${environment}`,
  workloads: (application: string) => `/copilot/applications/${application}/components/`,
} as const;

/** Reads the record of an application. Throws a `Problem` when it is damaged. */
export function readApplicationRecord(text: string): ApplicationRecord {
  const data = readObject(text, "an application");
  const domain = textOf(data["domain"]);
  const boundary = textOf(data["permissionsBoundary"]);
  const tags = data["tags"];
  return {
    account: textOf(data["account"]),
    application: {
      name: textOf(data["name"]),
      target: "aws",
      ...(domain === "" ? {} : { domain }),
      ...(boundary === "" ? {} : { permissionsBoundary: boundary }),
      ...(tags !== undefined && isJsonObject(tags) ? { tags: textsOf(tags) } : {}),
    },
  };
}

/** Reads the record of an environment. Throws a `Problem` when it is damaged. */
export function readEnvironmentRecord(text: string): EnvironmentRecord {
  const data = readObject(text, "an environment");
  const region = textOf(data["region"]);
  const account = textOf(data["accountID"]);
  return {
    environment: { application: textOf(data["app"]), name: textOf(data["name"]), target: "aws", region, accountId: account, record: data },
    region,
    account,
    managerRoleArn: textOf(data["managerRoleARN"]),
    executionRoleArn: textOf(data["executionRoleARN"]),
    formerManifest: formerManifest(textOf(data["name"]), data),
  };
}

/** Reads the record of a workload; none is made of a type that this program does not know. Throws a `Problem` when it is damaged. */
export function readWorkloadRecord(text: string): Workload | undefined {
  const data = readObject(text, "a workload");
  const type = workloadTypes.find((name) => name === data["type"]);
  return type === undefined ? undefined : { application: textOf(data["app"]), name: textOf(data["name"]), type };
}

function readObject(text: string, what: string): JsonObject {
  try {
    const data = toJson(JSON.parse(text));
    if (isJsonObject(data)) return data;
  } catch {
    // Told below, as is any other text that is no object.
  }
  throw new Problem("record-damaged", `read the record of ${what}: the parameter below /copilot/applications holds no JSON object`, {
    hint: "compare it in the Parameter Store with its history there",
  });
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const textsOf = (data: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, textOf(value)]));
