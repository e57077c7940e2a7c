import { equals, getAtt, not, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { accountRoot, policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources, Template } from "../../cloudformation/template.ts";
import { makeKeys } from "../key-actions.ts";
import { boundaryArn } from "../permissions-boundary.ts";

/** An application as its roles stack needs it. */
export interface ApplicationRolesInput {
  readonly application: string;
  readonly domain: string | undefined;
  /** Of the template, e.g. `v2.0.0`. */
  readonly version: string;
  readonly permissionsBoundary: string | undefined;
  /** Every account whose environments may add records to the application's zone, the application's own last. */
  readonly delegatedAccounts: readonly string[];
}

/** The roles by which an application's StackSet works, and its hosted zone where it has a domain. */
export const applicationRolesTemplate = (input: ApplicationRolesInput): Template => ({
  Description: "The roles by which a Copilot application makes its resources in each region.",
  Metadata: { TemplateVersion: input.version },
  Parameters: {
    AdminRoleName: { Type: "String" },
    ExecutionRoleName: { Type: "String" },
    DNSDelegationRoleName: { Type: "String", Default: "" },
    AppDNSDelegatedAccounts: { Type: "CommaDelimitedList", Default: "" },
    AppDomainName: { Type: "String", Default: "" },
    AppDomainHostedZoneID: { Type: "String", Default: "" },
    AppName: { Type: "String" },
  },
  Conditions: { DelegateDNS: not(equals(ref("AppDomainName"), "")) },
  Resources: { ...stackSetRoles(input), ...delegation(input), ...hostedZone(input) },
  Outputs: {
    ExecutionRoleARN: { Description: "The role that makes repositories, keys and buckets", Value: getAtt("ExecutionRole", "Arn") },
    AdministrationRoleARN: { Description: "The role that manages the StackSet", Value: getAtt("AdministrationRole", "Arn") },
    TemplateVersion: {
      Description: "Changes with the template, so that the stack updates even when no resource does.",
      Value: input.version,
    },
  },
});

const stackSetRoles = (input: ApplicationRolesInput): Resources => ({
  AdministrationRole: resource(
    "AWS::IAM::Role",
    {
      RoleName: ref("AdminRoleName"),
      AssumeRolePolicyDocument: policyDocument({
        Effect: "Allow",
        Principal: { Service: "cloudformation.amazonaws.com" },
        Action: ["sts:AssumeRole"],
      }),
      PermissionsBoundary: boundaryArn(input.permissionsBoundary),
      Path: "/",
      Policies: [
        {
          PolicyName: "AssumeRole-AWSCloudFormationStackSetExecutionRole",
          PolicyDocument: policyDocument({
            Effect: "Allow",
            Action: ["sts:AssumeRole"],
            Resource: [sub("arn:${AWS::Partition}:iam::*:role/${ExecutionRoleName}")],
          }),
        },
      ],
    },
    { description: "The role by which CloudFormation manages the regional stacks" },
  ),
  ExecutionRole: resource(
    "AWS::IAM::Role",
    {
      RoleName: ref("ExecutionRoleName"),
      AssumeRolePolicyDocument: policyDocument({
        Effect: "Allow",
        Principal: { AWS: getAtt("AdministrationRole", "Arn") },
        Action: ["sts:AssumeRole"],
      }),
      PermissionsBoundary: boundaryArn(input.permissionsBoundary),
      Path: "/",
      Policies: [{ PolicyName: "ExecutionRolePolicy", PolicyDocument: policyDocument(...executionStatements) }],
    },
    { description: "The role that makes repositories, keys and buckets in each region" },
  ),
});

const executionStatements: readonly PolicyStatement[] = [
  { Sid: "StackSetRequiredPermissions", Effect: "Allow", Action: ["cloudformation:*", "s3:*", "sns:*"], Resource: "*" },
  { Sid: "KeyAdminPermissions", Effect: "Allow", Action: makeKeys, Resource: "*" },
  {
    Sid: "ManageECRRepos",
    Effect: "Allow",
    Action: [
      "ecr:DescribeImageScanFindings",
      "ecr:GetLifecyclePolicyPreview",
      "ecr:CreateRepository",
      "ecr:GetDownloadUrlForLayer",
      "ecr:GetAuthorizationToken",
      "ecr:ListTagsForResource",
      "ecr:ListImages",
      "ecr:DeleteLifecyclePolicy",
      "ecr:DeleteRepository",
      "ecr:SetRepositoryPolicy",
      "ecr:BatchGetImage",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:BatchCheckLayerAvailability",
      "ecr:GetRepositoryPolicy",
      "ecr:GetLifecyclePolicy",
      "ecr:TagResource",
    ],
    Resource: "*",
  },
];

const delegation = (input: ApplicationRolesInput): Resources => ({
  DNSDelegationRole: resource(
    "AWS::IAM::Role",
    {
      RoleName: ref("DNSDelegationRoleName"),
      AssumeRolePolicyDocument: policyDocument(
        {
          Effect: "Allow",
          Principal: { AWS: accountRoot },
          Action: ["sts:AssumeRole"],
        },
        {
          Effect: "Allow",
          Principal: { AWS: input.delegatedAccounts.map((account) => sub(`arn:\${AWS::Partition}:iam::${account}:root`)) },
          Action: ["sts:AssumeRole"],
        },
      ),
      PermissionsBoundary: boundaryArn(input.permissionsBoundary),
      Path: "/",
      Policies: [
        {
          PolicyName: "DNSDelegationPolicy",
          PolicyDocument: policyDocument(
            { Sid: "HostedZoneReadRecords", Effect: "Allow", Action: ["route53:Get*", "route53:List*"], Resource: "*" },
            {
              Sid: "HostedZoneUpdate",
              Effect: "Allow",
              Action: ["route53:ChangeResourceRecordSets"],
              Resource: [
                sub("arn:${AWS::Partition}:route53:::hostedzone/${AppHostedZone}"),
                sub("arn:${AWS::Partition}:route53:::hostedzone/${AppDomainHostedZoneID}"),
              ],
            },
          ),
        },
      ],
    },
    { description: "The role by which environments of other accounts manage the domain's records", condition: "DelegateDNS" },
  ),
});

const hostedZone = (input: ApplicationRolesInput): Resources => ({
  AppHostedZone: resource(
    "AWS::Route53::HostedZone",
    {
      HostedZoneConfig: { Comment: sub("Hosted zone for copilot application ${AppName}: ${AppName}.${AppDomainName}") },
      Name: sub("${AppName}.${AppDomainName}"),
    },
    { description: `The hosted zone of ${input.application}.${input.domain ?? ""}`, condition: "DelegateDNS" },
  ),
  AppDomainDelegationRecordSet: resource(
    "AWS::Route53::RecordSet",
    {
      HostedZoneId: ref("AppDomainHostedZoneID"),
      Comment: sub("Record for copilot domain delegation for application ${AppDomainName}"),
      Name: sub("${AppName}.${AppDomainName}."),
      Type: "NS",
      TTL: "900",
      ResourceRecords: getAtt("AppHostedZone", "NameServers"),
    },
    { description: "Points the domain to the application's zone", condition: "DelegateDNS" },
  ),
});
