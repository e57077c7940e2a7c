import { ref, sub } from "../../cloudformation/intrinsics.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { boundaryArn } from "../permissions-boundary.ts";
import { artifactBucketArns, managerRoleArn } from "./build-role.ts";
import type { PipelinePlan } from "./plan.ts";

/** The role of the pipeline itself: it fetches the source, starts builds and deploys by the roles of the environments. */
export const pipelineRole = (plan: PipelinePlan): Resources => ({
  PipelineRole: resource("AWS::IAM::Role", {
    AssumeRolePolicyDocument: policyDocument({
      Effect: "Allow",
      Principal: { Service: ["codepipeline.amazonaws.com"] },
      Action: ["sts:AssumeRole"],
    }),
    Path: "/",
    PermissionsBoundary: boundaryArn(plan.facts.permissionsBoundary),
  }),
  PipelineRolePolicy: resource("AWS::IAM::Policy", {
    PolicyName: sub("${AWS::StackName}-CodepipelinePolicy"),
    PolicyDocument: policyDocument(...statements(plan)),
    Roles: [ref("PipelineRole")],
  }),
});

function statements(plan: PipelinePlan): readonly PolicyStatement[] {
  const { source } = plan;
  const usesConnection = source.kind === "connection";
  const readsRepository = source.kind === "codecommit" && source.format !== undefined;
  return [
    { Effect: "Allow", Action: pipelineActions(readsRepository), Resource: ["*"] },
    ...(usesConnection ? [{ Effect: "Allow", Action: connectionActions, Resource: [source.connectionArn] } as const] : []),
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: plan.facts.artifactBuckets.map(({ keyArn }) => keyArn),
    },
    {
      Effect: "Allow",
      Action: [
        "s3:PutObject",
        "s3:GetBucketPolicy",
        "s3:GetObject",
        "s3:ListBucket",
        ...(usesConnection ? ["s3:PutObjectAcl", "s3:GetObjectAcl"] : []),
      ],
      Resource: artifactBucketArns(plan),
    },
    { Effect: "Allow", Action: ["sts:AssumeRole"], Resource: plan.stages.map((stage) => managerRoleArn(plan, stage)) },
  ];
}

const pipelineActions = (readsRepository: boolean): readonly string[] => [
  "codepipeline:*",
  "codecommit:GetBranch",
  "codecommit:GetCommit",
  "codecommit:UploadArchive",
  "codecommit:GetUploadArchiveStatus",
  "codecommit:CancelUploadArchive",
  ...(readsRepository ? ["codecommit:GetRepository"] : []),
  "iam:ListRoles",
  "cloudformation:Describe*",
  // As live pipelines have it: IAM does not mind the case.
  "cloudFormation:List*",
  "codebuild:BatchGetBuilds",
  "codebuild:StartBuild",
  "cloudformation:CreateStack",
  "cloudformation:DeleteStack",
  "cloudformation:DescribeStacks",
  "cloudformation:UpdateStack",
  "cloudformation:CreateChangeSet",
  "cloudformation:DeleteChangeSet",
  "cloudformation:DescribeChangeSet",
  "cloudformation:ExecuteChangeSet",
  "cloudformation:SetStackPolicy",
  "cloudformation:ValidateTemplate",
  "iam:PassRole",
  "s3:ListAllMyBuckets",
  "s3:GetBucketLocation",
];

const connectionActions: readonly string[] = [
  "codestar-connections:CreateConnection",
  "codestar-connections:DeleteConnection",
  "codestar-connections:GetConnection",
  "codestar-connections:ListConnections",
  "codestar-connections:GetIndividualAccessToken",
  "codestar-connections:GetInstallationUrl",
  "codestar-connections:ListInstallationTargets",
  "codestar-connections:StartOAuthHandshake",
  "codestar-connections:UpdateConnectionInstallation",
  "codestar-connections:UseConnection",
  "codestar-connections:RegisterAppCode",
  "codestar-connections:StartAppRegistrationHandshake",
  "codestar-connections:StartUploadArchiveToS3",
  "codestar-connections:GetUploadArchiveToS3Status",
  "codestar-connections:PassConnection",
  "codestar-connections:PassedToService",
];
