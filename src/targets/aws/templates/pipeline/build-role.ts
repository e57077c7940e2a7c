import { join, ref, sub } from "../../cloudformation/intrinsics.ts";
import { toJson } from "../../cloudformation/json.ts";
import type { PolicyDocument, PolicyStatement } from "../../cloudformation/policy.ts";
import { policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resource, Resources } from "../../cloudformation/template.ts";
import { boundaryArn } from "../permissions-boundary.ts";
import type { PipelinePlan } from "./plan.ts";
import { cloneStatements } from "./source.ts";
import type { StagePlan } from "./stage-plan.ts";

/** The ARN of the role that works in a stage's environment. */
export const managerRoleArn = (plan: PipelinePlan, stage: StagePlan): string =>
  `arn:aws:iam::${stage.environment.account}:role/${plan.facts.application}-${stage.name}-EnvManagerRole`;

/** The buckets of artifacts and what lies in them, as policies name them. */
export const artifactBucketArns = (plan: PipelinePlan) =>
  plan.facts.artifactBuckets.flatMap(({ name }) => [join("", ["arn:aws:s3:::", name]), join("", ["arn:aws:s3:::", name, "/*"])]);

/** The role of the build stage, which looks at every environment of the pipeline. */
export function buildRole(plan: PipelinePlan): Resources {
  const assume = plan.stages.map((stage) => assumeStatement(plan, stage));
  return {
    BuildProjectRole: projectRole(plan, [{ PolicyName: "assume-env-manager", PolicyDocument: policyDocument(...assume) }]),
    BuildProjectPolicy: resource(
      "AWS::IAM::Policy",
      {
        PolicyName: sub("${AWS::StackName}-CodeBuildPolicy"),
        Roles: [ref("BuildProjectRole")],
        PolicyDocument: buildPolicy(plan),
      },
      { dependsOn: "BuildProjectRole" },
    ),
    ...additionalPolicy(plan),
  };
}

/** The role of an action before or after deployments, which looks at the environment of its stage only. */
export const actionRole = (plan: PipelinePlan, stage: StagePlan): Resource =>
  projectRole(plan, [
    { PolicyName: "assume-env-manager", PolicyDocument: policyDocument(assumeStatement(plan, stage)) },
    { PolicyName: "build-role-policy", PolicyDocument: buildPolicy(plan) },
  ]);

const assumeStatement = (plan: PipelinePlan, stage: StagePlan): PolicyStatement => ({
  Effect: "Allow",
  Resource: managerRoleArn(plan, stage),
  Action: ["sts:AssumeRole"],
});

const projectRole = (plan: PipelinePlan, policies: readonly { readonly PolicyName: string; readonly PolicyDocument: PolicyDocument }[]) =>
  resource("AWS::IAM::Role", {
    Path: "/",
    AssumeRolePolicyDocument: policyDocument({
      Effect: "Allow",
      Principal: { Service: ["codebuild.amazonaws.com"] },
      Action: ["sts:AssumeRole"],
    }),
    // For listing environments and packaging workloads.
    ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess", "arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess"],
    PermissionsBoundary: boundaryArn(plan.facts.permissionsBoundary),
    Policies: policies,
  });

function buildPolicy(plan: PipelinePlan): PolicyDocument {
  const { application, artifactBuckets } = plan.facts;
  return policyDocument(
    {
      Effect: "Allow",
      Action: [
        "codebuild:CreateReportGroup",
        "codebuild:CreateReport",
        "codebuild:UpdateReport",
        "codebuild:BatchPutTestCases",
        "codebuild:BatchPutCodeCoverages",
      ],
      Resource: sub(`arn:aws:codebuild:\${AWS::Region}:\${AWS::AccountId}:report-group/pipeline-${application}-*`),
    },
    { Effect: "Allow", Action: ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"], Resource: artifactBucketArns(plan) },
    { Effect: "Allow", Action: ["kms:*"], Resource: artifactBuckets.map(({ keyArn }) => keyArn) },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:*:*:*",
    },
    { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
    {
      Effect: "Allow",
      Action: imageActions,
      Resource: "*",
      Condition: { StringEquals: { "ecr:ResourceTag/copilot-application": application } },
    },
    ...cloneStatements(plan.source),
  );
}

const imageActions = [
  "ecr:DescribeImageScanFindings",
  "ecr:GetLifecyclePolicyPreview",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchGetImage",
  "ecr:DescribeImages",
  "ecr:ListTagsForResource",
  "ecr:BatchCheckLayerAvailability",
  "ecr:GetLifecyclePolicy",
  "ecr:GetRepositoryPolicy",
  "ecr:PutImage",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
];

function additionalPolicy(plan: PipelinePlan): Resources {
  const document = plan.build.additionalPolicy;
  if (document === undefined || document === null) return {};
  return {
    BuildProjectAdditionalPolicy: resource("AWS::IAM::Policy", {
      PolicyName: sub("${AWS::StackName}-BuildProjectAdditionalPolicy"),
      PolicyDocument: toJson(document),
      Roles: [ref("BuildProjectRole")],
    }),
  };
}
