import type { WorkloadSpec } from "../../model/workload-spec.ts";
import type { JsonObject } from "./cloudformation/json.ts";

/** An object in an S3 bucket. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** The Lambda functions of ours that a workload stack may have. Live stacks know them by these logical IDs. */
export const workloadFunctionNames = [
  "BacklogPerTaskCalculatorFunction",
  "CertificateValidationFunction",
  "CustomDomainFunction",
  "DynamicDesiredCountFunction",
  "EnvControllerFunction",
  "NLBCertValidatorFunction",
  "NLBCustomDomainFunction",
  "RulePriorityFunction",
  "TriggerStateMachineFunction",
] as const;
/** One of {@link workloadFunctionNames}. */
export type WorkloadFunctionName = (typeof workloadFunctionNames)[number];

/** A load balancer that a manifest imports, as it stands in the account. */
export interface ImportedLoadBalancer {
  readonly name: string;
  readonly arn: string;
  readonly dnsName: string;
  readonly hostedZoneId: string;
  readonly listeners: readonly { readonly arn: string; readonly port: number; readonly protocol: string }[];
  readonly securityGroups: readonly string[];
}

/** What the addons of a workload give it: outputs of the nested stack by kind, in their order. */
export interface AddonsFacts {
  /** Empty while the template is not uploaded. */
  readonly templateUrl: string;
  readonly variables: readonly string[];
  readonly secrets: readonly string[];
  readonly policies: readonly string[];
  readonly securityGroups: readonly string[];
  /** What the parameters file passes on besides `App`, `Env` and `Name`. */
  readonly parameters: JsonObject;
}

/** Certificates that an environment imports, with the names that each covers. */
export interface ImportedCertificates {
  /** Of the public load balancer. */
  readonly publicHttp: readonly CertificateFacts[];
  /** Of the internal load balancer. */
  readonly privateHttp: readonly CertificateFacts[];
  /** Of the content delivery network. */
  readonly cdn?: CertificateFacts;
}

/** A certificate and the host names that it is valid for, wildcards included. */
export interface CertificateFacts {
  readonly arn: string;
  readonly names: readonly string[];
}

/** What a workload's stack depends on besides its manifest: looked up before a template is made. */
export interface WorkloadFacts {
  /** Version of this program as stacks record it, e.g. `v2.0.0`. */
  readonly version: string;
  readonly partition: string;
  readonly region: string;
  /** Account of the environment. */
  readonly account: string;
  readonly application: {
    /** Account of the application, where the domain's delegation role lives. */
    readonly account: string;
    readonly domain?: string;
    /** Name of the IAM policy that bounds every role. */
    readonly permissionsBoundary?: string;
  };
  readonly environment: {
    /** `Metadata.Version` of the environment's stack. */
    readonly version: string;
    /** E.g. `test.shop.local`. */
    readonly serviceDiscoveryEndpoint: string;
    readonly certificates: ImportedCertificates;
    readonly cdn: boolean;
  };
  readonly artifacts: { readonly keyArn: string };
  /** Where the code of our Lambda functions is. */
  readonly functions: Readonly<Record<WorkloadFunctionName, S3Location>>;
  /** Reference of each pushed image by container name; images with a location need none. */
  readonly images: Readonly<Record<string, string>>;
  /** ARN of each uploaded env file by container name; the log router is `firelens_log_router`. */
  readonly envFileArns: Readonly<Record<string, string>>;
  readonly addons?: AddonsFacts;
  /** The load balancer that `http.alb` names. */
  readonly importedLoadBalancer?: ImportedLoadBalancer;
  /** IDs of the subnets that `placement.subnets.from_tags` selects. */
  readonly taggedSubnetIds?: readonly string[];
  /** ARNs of the topics of the environment that workloads publish to; unset skips the check of subscriptions. */
  readonly topicArns?: readonly string[];
  /** The mapping file of a Static Site's uploaded files. */
  readonly siteMapping?: S3Location;
  /** Tags of the stack besides those of Copilot. */
  readonly tags: Readonly<Record<string, string>>;
  /** A value that differs on every deployment, so that the running task count is read again. */
  readonly deploymentId: string;
}

/** ARN of the role by which functions of an environment reach the application's hosted zone; empty without a domain. */
export const delegationRoleArn = (facts: WorkloadFacts, application: string): string =>
  facts.application.domain === undefined
    ? ""
    : `arn:${facts.partition}:iam::${facts.application.account}:role/${application}-DNSDelegationRole`;

/** Name or ARN of the load balancer to look up for a workload. A service inside the network has the environment's, whatever it names. */
export const loadBalancerToImport = ({ http }: Pick<WorkloadSpec, "http">): string | undefined =>
  http?.scope === "public" ? http.importedLoadBalancer : undefined;
