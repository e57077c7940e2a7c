import { equals, getAtt, join, not, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { ConditionFunction } from "../../cloudformation/intrinsics.ts";
import { accountRoot, policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Parameter, Resources, Template } from "../../cloudformation/template.ts";
import { pushAndPull } from "../application/resources.ts";
import { closedToThePublic, encryptedByS3 } from "../bucket-properties.ts";
import type { TaskGroup } from "./input.ts";
import { taskRoles } from "./roles.ts";
import { taskDefinition } from "./task-definition.ts";

const text: Parameter = { Type: "String" };
const list: Parameter = { Type: "CommaDelimitedList" };
const isGiven = (name: string): ConditionFunction => not(equals(ref(name), ""));
const hasEntries = (name: string): ConditionFunction => not(equals(join("", ref(name)), ""));

/** What a group of one-off tasks needs on AWS. */
export const taskTemplate = (group: TaskGroup): Template => ({
  Description: "A group of one-off tasks on Amazon ECS.",
  Parameters: {
    TaskName: text,
    TaskCPU: text,
    TaskMemory: text,
    LogRetention: { Type: "Number" },
    ContainerImage: text,
    TaskRole: text,
    Command: list,
    EntryPoint: list,
    EnvFileARN: text,
    OS: text,
    Arch: text,
  },
  Conditions: {
    HasImage: isGiven("ContainerImage"),
    HasTaskRole: isGiven("TaskRole"),
    HasCommand: hasEntries("Command"),
    HasEntryPoint: hasEntries("EntryPoint"),
    HasEnvFile: isGiven("EnvFileARN"),
    HasCustomPlatform: isGiven("OS"),
  },
  Resources: { ...taskDefinition(group), ...taskRoles(group), ...repositoryAndLogs, ...envFileBucket },
  Outputs: {
    ECRRepo: { Description: "The repository of the task's images.", Value: getAtt("ECRRepo", "Arn") },
    S3Bucket: { Description: "The bucket of env files.", Value: ref("S3Bucket") },
  },
});

const expireUntagged = {
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 5 },
      action: { type: "expire" },
    },
  ],
};

const repositoryAndLogs: Resources = {
  ECRRepo: resource(
    "AWS::ECR::Repository",
    {
      RepositoryName: join("-", ["copilot", ref("TaskName")]),
      RepositoryPolicyText: policyDocument({
        Sid: "AllowPushPull",
        Effect: "Allow",
        Principal: { AWS: accountRoot },
        Action: pushAndPull,
      }),
      LifecyclePolicy: { LifecyclePolicyText: JSON.stringify(expireUntagged) },
    },
    { description: "The repository of your images" },
  ),
  LogGroup: resource(
    "AWS::Logs::LogGroup",
    { LogGroupName: join("", ["/copilot/", ref("TaskName")]), RetentionInDays: ref("LogRetention") },
    { description: "The logs of your tasks" },
  ),
};

const envFileBucket: Resources = {
  S3Bucket: resource(
    "AWS::S3::Bucket",
    {
      VersioningConfiguration: { Status: "Enabled" },
      BucketEncryption: encryptedByS3,
      PublicAccessBlockConfiguration: closedToThePublic,
      // A task reads its env file when it starts, so what is a day old is of no use.
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "DeleteEnvFilesRule",
            Status: "Enabled",
            Prefix: "manual/env-files",
            ExpirationInDays: 1,
            NoncurrentVersionExpirationInDays: 1,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    },
    { description: "The bucket of env files" },
  ),
  S3BucketPolicy: resource(
    "AWS::S3::BucketPolicy",
    {
      Bucket: ref("S3Bucket"),
      PolicyDocument: policyDocument({
        Action: ["s3:*"],
        Effect: "Allow",
        Resource: [sub("arn:${AWS::Partition}:s3:::${S3Bucket}"), sub("arn:${AWS::Partition}:s3:::${S3Bucket}/*")],
        Principal: { AWS: [accountRoot] },
      }),
    },
    { description: "Who may put env files into the bucket", dependsOn: "S3Bucket" },
  ),
};
