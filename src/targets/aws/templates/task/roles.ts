import { ifElse, join, noValue, partition, ref, select, split, sub } from "../../cloudformation/intrinsics.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { assumedByService, awsServicePolicy, policyDocument } from "../../cloudformation/policy.ts";
import type { IAMRolePolicy } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { executeCommandStatements } from "../execute-command.ts";
import { boundaryArn } from "../permissions-boundary.ts";
import type { TaskGroup } from "./input.ts";

/** The roles of a group of tasks: what starts them, unless it is given, and what they may do themselves. */
export const taskRoles = (group: TaskGroup): Resources => ({
  ...(group.executionRole === undefined ? executionRole(group) : {}),
  DefaultTaskRole: resource(
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: assumedByService("ecs-tasks.amazonaws.com"),
      PermissionsBoundary: boundaryArn(group.permissionsBoundary),
      Policies: [{ PolicyName: "ExecuteCommand", PolicyDocument: policyDocument(...executeCommandStatements) }],
    },
    { description: "What the task may do: nothing but to let you open a shell in it" },
  ),
});

const executionRole = (group: TaskGroup): Resources => ({
  DefaultExecutionRole: resource(
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: assumedByService("ecs-tasks.amazonaws.com"),
      ManagedPolicyArns: [awsServicePolicy("AmazonECSTaskExecutionRolePolicy")],
      PermissionsBoundary: boundaryArn(group.permissionsBoundary),
      Policies: [ifElse("HasEnvFile", readEnvFile, noValue), ...readSecrets(group)],
    },
    { description: "What ECS needs to start the task" },
  ),
});

/** The bucket is the part of an object's ARN in front of the first slash. */
const envFileBucket = select(0, split("/", select(5, split(":", ref("EnvFileARN")))));

const readEnvFile: IAMRolePolicy = {
  PolicyName: join("", [ref("TaskName"), "GetEnvFilePolicy"]),
  PolicyDocument: policyDocument(
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: [ref("EnvFileARN")] },
    { Effect: "Allow", Action: ["s3:GetBucketLocation"], Resource: [join("", ["arn:", partition, ":s3:::", envFileBucket])] },
  ),
};

function readSecrets(group: TaskGroup): readonly IAMRolePolicy[] {
  const parameters = Object.entries(group.parameterSecrets);
  const secrets = Object.entries(group.managerSecrets);
  if (parameters.length + secrets.length === 0) return [];
  const statements =
    group.environment === undefined
      ? [
          ...(parameters.length > 0 ? [allow("ssm:GetParameters", byName(parameters).map(toParameterArn))] : []),
          ...(secrets.length > 0 ? [allow("secretsmanager:GetSecretValue", byName(secrets))] : []),
        ]
      : secretsOf(group.environment);
  return [{ PolicyName: "PullSecrets", PolicyDocument: policyDocument(...statements) }];
}

const byName = (entries: readonly (readonly [string, string])[]): readonly string[] =>
  entries.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, from]) => from);

const allow = (action: string, resources: PolicyStatement["Resource"]): PolicyStatement => ({
  Effect: "Allow",
  Action: [action],
  Resource: resources,
});

const toParameterArn = (nameOrArn: string) =>
  nameOrArn.startsWith("arn:")
    ? nameOrArn
    : sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/${nameOrArn.replace(/^\//, "")}`);

/** In an environment a task may read what is tagged as the environment's, whatever it asks for. */
function secretsOf(environment: { readonly application: string; readonly name: string }): readonly PolicyStatement[] {
  const tagged = (service: string) => ({
    StringEquals: {
      [`${service}:ResourceTag/copilot-application`]: environment.application,
      [`${service}:ResourceTag/copilot-environment`]: environment.name,
    },
  });
  return [
    {
      ...allow("ssm:GetParameters", [sub("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*")]),
      Condition: tagged("ssm"),
    },
    {
      ...allow("secretsmanager:GetSecretValue", [sub("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*")]),
      Condition: tagged("secretsmanager"),
    },
  ];
}
