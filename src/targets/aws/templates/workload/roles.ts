import { sub } from "../../cloudformation/intrinsics.ts";
import type { Sub, Value } from "../../cloudformation/intrinsics.ts";
import { awsServicePolicy, lambdaTrust, policyDocument } from "../../cloudformation/policy.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import type { IAMRolePolicy } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { AwsResource } from "../../cloudformation/template.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { boundaryArn } from "../permissions-boundary.ts";

/** The ARN of the policy that bounds every role of the application; `undefined` when it has none. */
export const permissionsBoundary = (facts: WorkloadFacts): Sub | undefined => boundaryArn(facts.application.permissionsBoundary);

/** An inline policy of a role. */
export const rolePolicy = (name: IAMRolePolicy["PolicyName"], ...statements: readonly Value<PolicyStatement>[]): IAMRolePolicy => ({
  PolicyName: name,
  PolicyDocument: policyDocument(...statements),
});

/** What a role of a Lambda function is for, and may do besides writing its log. */
export interface LambdaRoleInput {
  readonly description: string;
  readonly condition?: string;
  readonly policies: readonly IAMRolePolicy[];
}

/** The role of a Lambda function of ours. */
export const lambdaRole = (facts: WorkloadFacts, input: LambdaRoleInput): AwsResource<"AWS::IAM::Role"> =>
  resource(
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: lambdaTrust,
      PermissionsBoundary: permissionsBoundary(facts),
      Path: "/",
      ManagedPolicyArns: [awsServicePolicy("AWSLambdaBasicExecutionRole")],
      Policies: input.policies,
    },
    { description: input.description, condition: input.condition },
  );

/** Restricts a statement to what is tagged as belonging to the application and its environment; `prefix` is e.g. `aws:ResourceTag`. */
export const taggedWithEnvironment = (prefix: string): { readonly StringEquals: { readonly [key: string]: Sub } } => ({
  StringEquals: {
    [`${prefix}/copilot-application`]: sub("${AppName}"),
    [`${prefix}/copilot-environment`]: sub("${EnvName}"),
  },
});

/** As {@link taggedWithEnvironment}, and to the workload. */
export const taggedWithWorkload: { readonly StringEquals: { readonly [key: string]: Sub } } = {
  StringEquals: { ...taggedWithEnvironment("aws:ResourceTag").StringEquals, "aws:ResourceTag/copilot-service": sub("${WorkloadName}") },
};

/** Statements by which containers read the secrets that belong to their environment. */
export const readTaggedSecrets = (artifactKey: Value<string>): readonly PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: ["ssm:GetParameters"],
    Resource: [sub("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*")],
    Condition: taggedWithEnvironment("ssm:ResourceTag"),
  },
  {
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: [sub("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*")],
    Condition: taggedWithEnvironment("secretsmanager:ResourceTag"),
  },
  { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [artifactKey] },
  {
    Sid: "DecryptTaggedKMSKey",
    Effect: "Allow",
    Action: ["kms:Decrypt"],
    Resource: [sub("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*")],
    Condition: taggedWithEnvironment("aws:ResourceTag"),
  },
];

/** No container may change who may do what. */
export const denyIam: IAMRolePolicy = rolePolicy("DenyIAM", { Effect: "Deny", Action: "iam:*", Resource: "*" });
