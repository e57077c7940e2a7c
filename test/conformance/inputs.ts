import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, JsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import { isJsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import type { ImportedLoadBalancer, S3Location } from "../../src/targets/aws/workload-facts.ts";

/** What an account and its records would answer about one environment. */
export interface EnvironmentInputs {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** False when it exists only because a pipeline names it. */
  readonly packaged: boolean;
  readonly stackVersion: string;
  /** The manifest that it was deployed with, relative to the workspace. */
  readonly manifest: string;
  /** Its own manifest was refused: it was deployed with one of only name and type. */
  readonly deployedBare: boolean;
  readonly executionRoleArn: string;
  readonly managerRoleArn: string;
  readonly stackParameters: Readonly<Record<string, string>>;
  readonly stackOutputs: Readonly<Record<string, string>>;
}

/** What a region holds of the application. */
export interface RegionInputs {
  readonly artifactBucket: string;
  readonly kmsKeyArn: string;
  readonly repositories: Readonly<Record<string, string>>;
}

/** `inputs.json` of a workspace: everything that packaging looks up, as `shared/real/README.md` describes it. */
export interface WorkspaceInputs {
  readonly application: string;
  readonly account: string;
  readonly partition: string;
  readonly domain: string | undefined;
  readonly tag: string;
  readonly shellVariables: Readonly<Record<string, string>>;
  readonly regions: Readonly<Record<string, RegionInputs>>;
  /** ARN → the names that the certificate covers. */
  readonly importedCertificates: Readonly<Record<string, readonly string[]>>;
  readonly importedLoadBalancers: readonly ImportedLoadBalancer[];
  readonly topics: readonly { readonly environment: string; readonly arn: string }[];
  /** Name → ARN. */
  readonly connections: Readonly<Record<string, string>>;
  readonly environments: readonly EnvironmentInputs[];
  readonly workloads: readonly { readonly name: string; readonly manifest: string }[];
  readonly pipelines: readonly { readonly name: string; readonly manifest: string }[];
  /** Name of the function, in lower case. */
  readonly customResources: Readonly<Record<string, S3Location>>;
}

/** Reads `inputs.json` of the workspace in `folder`. */
export function readInputs(folder: string): WorkspaceInputs {
  const data = objectOf(JSON.parse(readFileSync(join(folder, "inputs.json"), "utf8")));
  return {
    application: textOf(data["app"]),
    account: textOf(data["account"]),
    partition: textOf(data["partition"]) || "aws",
    domain: textOf(data["domain"]) || undefined,
    tag: textOf(data["tag"]),
    shellVariables: textsOf(data["shellVariables"]),
    regions: mapValues(data["regions"], toRegion),
    importedCertificates: mapValues(data["importedCertificates"], (names) => listOf(names).map(textOf)),
    importedLoadBalancers: listOf(data["importedLoadBalancers"]).map(toLoadBalancer),
    topics: listOf(data["topics"])
      .map(objectOf)
      .map((topic) => ({ environment: textOf(topic["environment"]), arn: textOf(topic["arn"]) })),
    connections: textsOf(data["connections"]),
    environments: listOf(data["environments"]).map(toEnvironment),
    workloads: listOf(data["workloads"]).map(toManifestPlace),
    pipelines: listOf(data["pipelines"]).map(toManifestPlace),
    customResources: mapValues(data["customResources"], (place) => ({
      bucket: textOf(objectOf(place)["bucket"]),
      key: textOf(objectOf(place)["key"]),
    })),
  };
}

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const textOf = (value: Json | undefined): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const mapValues = <T>(value: Json | undefined, toValue: (entry: Json | undefined) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(objectOf(value)).map(([key, entry]) => [key, toValue(entry)]));
const textsOf = (value: Json | undefined): Readonly<Record<string, string>> => mapValues(value, textOf);

const toManifestPlace = (value: Json) => ({ name: textOf(objectOf(value)["name"]), manifest: textOf(objectOf(value)["manifest"]) });

function toRegion(value: Json | undefined): RegionInputs {
  const data = objectOf(value);
  return {
    artifactBucket: textOf(data["artifactBucket"]),
    kmsKeyArn: textOf(data["kmsKeyArn"]),
    repositories: textsOf(data["repositories"]),
  };
}

function toEnvironment(value: Json): EnvironmentInputs {
  const data = objectOf(value);
  return {
    name: textOf(data["name"]),
    region: textOf(data["region"]),
    account: textOf(data["account"]),
    packaged: data["packaged"] !== false,
    stackVersion: textOf(data["stackVersion"]),
    manifest: textOf(data["manifest"]),
    deployedBare: data["deployedAs"] !== undefined,
    executionRoleArn: textOf(data["executionRoleArn"]),
    managerRoleArn: textOf(data["managerRoleArn"]),
    stackParameters: textsOf(data["stackParameters"]),
    stackOutputs: textsOf(data["stackOutputs"]),
  };
}

/** Load balancers are described loosely: keys are taken in any case, and what is missing is what the README says of all of them. */
function toLoadBalancer(value: Json): ImportedLoadBalancer {
  const data = typeof value === "string" ? { [value.startsWith("arn:") ? "arn" : "name"]: value } : objectOf(value);
  const lowered = new Map(Object.entries(data).map(([key, entry]) => [key.toLowerCase(), entry]));
  const text = (...keys: readonly string[]): string => keys.map((key) => textOf(lowered.get(key))).find((found) => found !== "") ?? "";
  const listeners = listOf(lowered.get("listeners")).map(toListener);
  return {
    arn: text("arn", "loadbalancerarn"),
    name: text("name", "loadbalancername"),
    dnsName: text("dnsname", "dns"),
    hostedZoneId: text("hostedzoneid", "canonicalhostedzoneid", "hostedzone"),
    securityGroups: listOf(lowered.get("securitygroups")).map(textOf),
    listeners,
  };
}

function toListener(value: Json) {
  const lowered = new Map(Object.entries(objectOf(value)).map(([key, entry]) => [key.toLowerCase(), entry]));
  return {
    arn: textOf(lowered.get("arn") ?? lowered.get("listenerarn")),
    port: Number(lowered.get("port")),
    protocol: textOf(lowered.get("protocol")),
  };
}
