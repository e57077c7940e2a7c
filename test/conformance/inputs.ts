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
  /** Tags of the application, which its stacks have. */
  readonly resourceTags: Readonly<Record<string, string>>;
  readonly permissionsBoundary: string | undefined;
  readonly shellVariables: Readonly<Record<string, string>>;
  readonly regions: Readonly<Record<string, RegionInputs>>;
  /** ARN → the names that the certificate covers. */
  readonly importedCertificates: Readonly<Record<string, readonly string[]>>;
  readonly importedLoadBalancers: readonly ImportedLoadBalancer[];
  readonly topics: readonly { readonly environment: string; readonly arn: string }[];
  /** Name → ARN. */
  readonly connections: Readonly<Record<string, string>>;
  /** CloudFront's managed prefix list, where the inputs name one. */
  readonly cloudFrontPrefixList: string | undefined;
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
    resourceTags: textsOf(data["resourceTags"] ?? data["tags"]),
    permissionsBoundary: textOf(data["permissionsBoundary"]) || undefined,
    shellVariables: textsOf(data["shellVariables"]),
    regions: mapValues(data["regions"], toRegion),
    importedCertificates: mapValues(data["importedCertificates"], (names) => listOf(names).map(textOf)),
    importedLoadBalancers: listOf(data["importedLoadBalancers"]).map(toLoadBalancer),
    topics: listOf(data["topics"])
      .map(objectOf)
      .map((topic) => ({ environment: textOf(topic["environment"]), arn: textOf(topic["arn"]) })),
    connections: textsOf(data["connections"]),
    cloudFrontPrefixList: prefixListIn(data),
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

/** The entries of an object by their keys in lower case without separators: descriptions of resources are spelt in many ways. */
const loosely = (value: Json | undefined): ReadonlyMap<string, Json | undefined> =>
  new Map(Object.entries(objectOf(value)).map(([key, entry]) => [key.toLowerCase().replaceAll(/[^a-z0-9:]/g, ""), entry]));

/** An imported load balancer: an object of what describes it, or only its name or ARN. */
function toLoadBalancer(value: Json): ImportedLoadBalancer {
  const data = loosely(typeof value === "string" ? { [value.startsWith("arn:") ? "arn" : "name"]: value } : value);
  const text = (...keys: readonly string[]): string => keys.map((key) => textOf(data.get(key))).find((found) => found !== "") ?? "";
  return {
    arn: text("arn", "loadbalancerarn"),
    name: text("name", "loadbalancername"),
    dnsName: text("dnsname", "dns"),
    hostedZoneId: text("hostedzoneid", "canonicalhostedzoneid", "hostedzone", "canonicalhostedzone"),
    securityGroups: listOf(data.get("securitygroups")).map(textOf),
    listeners: toListeners(data.get("listeners")),
  };
}

/** Listeners in a list, or ARNs by `HTTP:80` and `HTTPS:443`. */
function toListeners(value: Json | undefined): ImportedLoadBalancer["listeners"] {
  const listed = listOf(value).map((entry) => {
    const data = loosely(entry);
    const protocol = textOf(data.get("protocol"));
    return { arn: textOf(data.get("arn") ?? data.get("listenerarn")), port: Number(data.get("port")), protocol };
  });
  const named = Object.entries(objectOf(value)).map(([key, entry]) => {
    const [, protocol = "", port = ""] = /^(\w+):(\d+)$/.exec(key) ?? [];
    return { arn: textOf(entry), port: Number(port), protocol };
  });
  return [...listed, ...named];
}

/** The first prefix list that stands anywhere in `value`. */
function prefixListIn(value: Json | undefined): string | undefined {
  if (typeof value === "string") return /^pl-[0-9a-z]+$/.test(value) ? value : undefined;
  const inside = Array.isArray(value) ? value : Object.values(objectOf(value));
  return inside.map(prefixListIn).find((found) => found !== undefined);
}
