import { accountId, getAtt, join, ref, sub } from "../../cloudformation/intrinsics.ts";
import { policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { EnvironmentTemplateInput } from "./template-input.ts";
import { boundaryArn } from "../permissions-boundary.ts";
import type { Network } from "./network.ts";

/** Logs of the network's traffic, where the manifest asks for them. */
export function flowLogs({ spec, facts }: EnvironmentTemplateInput, network: Network): Resources {
  if (spec.flowLogs === undefined) return {};
  const days = spec.flowLogs.retentionDays;
  return {
    VpcFlowLogGroup: resource(
      "AWS::Logs::LogGroup",
      { LogGroupName: join("-", [ref("AppName"), ref("EnvironmentName"), "FlowLogs"]), RetentionInDays: days },
      { description: `Keeps the network's flow logs for ${days} days` },
    ),
    FlowLog: resource(
      "AWS::EC2::FlowLog",
      {
        DeliverLogsPermissionArn: getAtt("FlowLogRole", "Arn"),
        LogDestinationType: "cloud-watch-logs",
        LogGroupName: ref("VpcFlowLogGroup"),
        MaxAggregationInterval: 60,
        ResourceId: network.vpcId,
        ResourceType: "VPC",
        TrafficType: "ALL",
      },
      { description: "The flow log of the network" },
    ),
    FlowLogRole: flowLogRole(facts.application.permissionsBoundary),
  };
}

const flowLogRole = (permissionsBoundary: string | undefined) =>
  resource(
    "AWS::IAM::Role",
    {
      PermissionsBoundary: boundaryArn(permissionsBoundary),
      AssumeRolePolicyDocument: policyDocument({
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": sub("arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc-flow-log/*") },
        },
      }),
      Policies: [
        {
          PolicyName: "GrantAccesstoEC2toPublishFlowlogs",
          PolicyDocument: policyDocument({
            Effect: "Allow",
            Action: [
              "logs:CreateLogGroup",
              "logs:CreateLogStream",
              "logs:PutLogEvents",
              "logs:DescribeLogGroups",
              "logs:DescribeLogStreams",
            ],
            Resource: "*",
          }),
        },
      ],
    },
    { description: "The role by which flow logs are written" },
  );
