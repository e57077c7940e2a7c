import { getAtt, join, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { EnvironmentStackFacts } from "../../environment-facts.ts";
import { artifactBucketArn } from "../../environment-facts.ts";
import {
  appRunnerActions,
  artifactActions,
  cloudFormationActions,
  ecrActions,
  ecsActions,
  loadBalancingActions,
  logActions,
  resourceGroupActions,
} from "./manager-actions.ts";
import { boundaryArn } from "../permissions-boundary.ts";

/** What the manager role may do beyond what every environment needs. */
export interface ManagerRoleGrants {
  /** ARNs that the environment imports: their names are looked up. */
  readonly certificates: readonly string[];
  readonly emptiesAccessLogs: boolean;
}

const ofThisEnvironment = (prefix: string) => ({
  StringEquals: {
    [`${prefix}:ResourceTag/copilot-application`]: sub("${AppName}"),
    [`${prefix}:ResourceTag/copilot-environment`]: sub("${EnvironmentName}"),
  },
});

const allow = (sid: string, actions: readonly string[], rest: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Sid: sid,
  Effect: "Allow",
  Action: actions,
  Resource: "*",
  ...rest,
});

const on = (...resources: readonly string[]): Partial<PolicyStatement> => ({ Resource: resources.map((text) => sub(text)) });

function workloadStatements(): readonly PolicyStatement[] {
  return [
    allow("CloudwatchLogs", logActions),
    allow("Cloudwatch", ["cloudwatch:DescribeAlarms"]),
    allow("ECS", ecsActions),
    allow("ExecuteCommand", ["ecs:ExecuteCommand", "ssm:StartSession"], { Condition: ofThisEnvironment("aws") }),
    allow(
      "StartStateMachine",
      ["states:StartExecution", "states:DescribeStateMachine"],
      on("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${AppName}-${EnvironmentName}-*"),
    ),
    allow("CloudFormation", cloudFormationActions),
    allow("GetAndPassCopilotRoles", ["iam:GetRole", "iam:PassRole"], { Condition: ofThisEnvironment("iam") }),
    allow("ECR", ecrActions),
    allow("ResourceGroups", resourceGroupActions),
    allow("SSM", ["ssm:DeleteParameter", "ssm:DeleteParameters", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]),
    allow(
      "SSMSecret",
      ["ssm:PutParameter", "ssm:AddTagsToResource"],
      on("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/copilot/${AppName}/${EnvironmentName}/secrets/*"),
    ),
    allow(
      "SSMSession",
      ["ssm:StartSession"],
      on("arn:${AWS::Partition}:ssm:${AWS::Region}::document/AWS-StartPortForwardingSessionToRemoteHost"),
    ),
    allow("ELBv2", loadBalancingActions),
  ];
}

function artifactStatements(bucketArn: string, keyArn: string): readonly PolicyStatement[] {
  return [
    allow("PutObjectsToArtifactBucket", ["s3:PutObject", "s3:PutObjectAcl"], { Resource: [bucketArn, `${bucketArn}/*`] }),
    allow("EncryptObjectsInArtifactBucket", ["kms:GenerateDataKey"], { Resource: keyArn }),
  ];
}

function environmentStatements(): readonly PolicyStatement[] {
  return [
    allow("EC2", ["ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables"]),
    allow("AppRunner", appRunnerActions),
    allow("Tags", ["tag:GetResources"]),
    allow("ApplicationAutoscaling", ["application-autoscaling:DescribeScalingPolicies"]),
    allow("DeleteRoles", ["iam:DeleteRole", "iam:ListRolePolicies", "iam:DeleteRolePolicy"], {
      Resource: [
        getAtt("CloudformationExecutionRole", "Arn"),
        sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}-EnvManagerRole"),
      ],
    }),
    allow(
      "DeleteEnvStack",
      ["cloudformation:DescribeStacks", "cloudformation:DeleteStack"],
      on("arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}/*"),
    ),
    allow("RDS", ["rds:DescribeDBInstances", "rds:DescribeDBClusters"]),
  ];
}

function statements(facts: EnvironmentStackFacts, grants: ManagerRoleGrants): readonly PolicyStatement[] {
  return [
    ...(grants.certificates.length === 0
      ? []
      : [allow("ImportedCertificates", ["acm:DescribeCertificate"], { Resource: grants.certificates })]),
    ...workloadStatements(),
    allow("BuiltArtifactAccess", artifactActions),
    ...(grants.emptiesAccessLogs
      ? [
          allow("EmptyELBAccessLogsBucket", ["s3:EmptyBucket"], {
            Resource: join("/", [getAtt("ELBAccessLogsBucket", "Arn"), "*"]),
          }),
        ]
      : []),
    ...artifactStatements(artifactBucketArn(facts), facts.artifacts.keyArn),
    ...environmentStatements(),
  ];
}

/** The role that this program takes on to work in the environment; it is kept when the stack is deleted because it deletes the stack. */
export function managerRole(facts: EnvironmentStackFacts, grants: ManagerRoleGrants): Resources {
  return {
    EnvironmentManagerRole: resource(
      "AWS::IAM::Role",
      {
        RoleName: sub("${AWS::StackName}-EnvManagerRole"),
        AssumeRolePolicyDocument: policyDocument({
          Effect: "Allow",
          Principal: { AWS: ref("ToolsAccountPrincipalARN") },
          Action: "sts:AssumeRole",
        }),
        PermissionsBoundary: boundaryArn(facts.application.permissionsBoundary),
        Path: "/",
        Policies: [{ PolicyName: "root", PolicyDocument: policyDocument(...statements(facts, grants)) }],
      },
      {
        description: "The role by which Copilot looks at and changes the environment",
        dependsOn: "CloudformationExecutionRole",
        deletionPolicy: "Retain",
      },
    ),
  };
}
