import type { JsonObject } from "./cloudformation/json.ts";
import type { S3Location } from "./workload-facts.ts";

/** The Lambda functions of ours that an environment's stack may have. Live stacks know them by these logical IDs. */
export const environmentFunctionNames = [
  "BucketCleanerFunction",
  "CertificateReplicatorFunction",
  "CertificateValidationFunction",
  "CustomDomainFunction",
  "DNSDelegationFunction",
  "UniqueJSONValuesFunction",
] as const;
/** One of {@link environmentFunctionNames}. */
export type EnvironmentFunctionName = (typeof environmentFunctionNames)[number];

/** The bucket of an application in a region, and the key of what lies in it. */
export interface ArtifactBucket {
  readonly name: string;
  readonly keyArn: string;
}

/** What every environment stack depends on, bootstrapped or deployed. */
export interface EnvironmentStackFacts {
  readonly partition: string;
  readonly application: {
    readonly account: string;
    readonly domain?: string;
    /** Name of the IAM policy that bounds every role. */
    readonly permissionsBoundary?: string;
  };
  /** Of the environment's region. */
  readonly artifacts: ArtifactBucket;
  /** Tags of the stack besides those of Copilot. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What an environment's stack depends on besides its manifest: looked up before a template is made. */
export interface EnvironmentFacts extends EnvironmentStackFacts {
  /** Version of this program as stacks record it, e.g. `v2.0.0`. */
  readonly version: string;
  /** Where the code of our Lambda functions is. */
  readonly functions: Readonly<Record<EnvironmentFunctionName, S3Location>>;
  /** CloudFront's managed prefix list in the region; looked up when the manifest lets only CloudFront in. */
  readonly cloudFrontPrefixList?: string;
  /** The nested stack of addons: where its template lies and what the parameters file passes on besides `App` and `Env`. */
  readonly addons?: { readonly templateUrl: string; readonly parameters: JsonObject };
  /** The parameters of the deployed stack; unset for a new one. */
  readonly deployedParameters?: Readonly<Record<string, string>>;
  /** What the stack's `LastForceDeployID` shall be: a new value forces an update. */
  readonly forceDeployId: string;
}

/** The root of the application's account, which may take on the manager role. */
export const accountPrincipalArn = (facts: EnvironmentStackFacts): string =>
  `arn:${facts.partition}:iam::${facts.application.account}:root`;

/** ARN of the bucket of artifacts. */
export const artifactBucketArn = (facts: EnvironmentStackFacts): string => `arn:${facts.partition}:s3:::${facts.artifacts.name}`;
