import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { JsonObject } from "../../cloudformation/json.ts";
import { awsServicePolicy, policyDocument } from "../../cloudformation/policy.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { customResource, resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { S3Location, WorkloadFacts } from "../../workload-facts.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { permissionsBoundary, rolePolicy, taggedWithWorkload } from "./roles.ts";

/**
 * Copies a site's files from the artifact bucket by a state machine, when the list of files has changed. `after` are the logical
 * IDs of what must be there before the files are.
 */
export const siteUpload = (facts: WorkloadFacts, mapping: S3Location, after: readonly string[]): Resources => ({
  TriggerStateMachineFunction: lambdaFunction(facts, "TriggerStateMachineFunction", {
    role: "TriggerStateMachineFunctionRole",
    description: "A Lambda function that starts the copying of your site's files",
  }),
  TriggerStateMachineFunctionRole: triggerRole(facts),
  TriggerStateMachineAction: customResource(
    "TriggerStateMachine",
    {
      ServiceToken: getAtt("TriggerStateMachineFunction", "Arn"),
      StateMachineARN: getAtt("CopyAssetsStateMachine", "Arn"),
      AssetMappingFilePath: mapping.key,
    },
    { description: "Copies your site's files", dependsOn: after },
  ),
  CopyAssetsStateMachine: resource(
    "AWS::StepFunctions::StateMachine",
    { RoleArn: getAtt("CopyAssetsStateMachineRole", "Arn"), StateMachineType: "EXPRESS", Definition: definition(mapping) },
    { description: "A state machine that copies your site's files" },
  ),
  CopyAssetsStateMachineRole: copyRole(facts, mapping),
});

const triggerRole = (facts: WorkloadFacts) =>
  resource(
    "AWS::IAM::Role",
    {
      PermissionsBoundary: permissionsBoundary(facts),
      AssumeRolePolicyDocument: policyDocument({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      Policies: [
        rolePolicy("TriggerStateMachine", {
          Effect: "Allow",
          Action: "states:StartSyncExecution",
          Resource: getAtt("CopyAssetsStateMachine", "Arn"),
        }),
      ],
      ManagedPolicyArns: [awsServicePolicy("AWSLambdaBasicExecutionRole")],
    },
    { description: "An IAM role to start the copying of your site's files" },
  );

const definition = ({ bucket, key }: S3Location): JsonObject => ({
  Comment: "A state machine that moves source files to the S3 bucket",
  StartAt: "GetMappingFile",
  States: {
    GetMappingFile: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:s3:getObject",
      Parameters: { Bucket: bucket, Key: key },
      ResultSelector: { "files.$": "States.StringToJson($.Body)" },
      ResultPath: "$.GetMappingFile",
      Next: "CopyFiles",
    },
    CopyFiles: {
      Type: "Map",
      Next: "InvalidateCache",
      ItemsPath: "$.GetMappingFile.files",
      ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "ContentTypeChoice", States: copyOneFile(bucket) },
    },
    InvalidateCache: {
      Type: "Task",
      End: true,
      Resource: "arn:aws:states:::aws-sdk:cloudfront:createInvalidation",
      Parameters: {
        DistributionId: ref("CloudFrontDistribution"),
        InvalidationBatch: { "CallerReference.$": "States.UUID()", Paths: { Quantity: 1, Items: ["/*"] } },
      },
    },
  },
});

/** A content type is taken over only when the metadata is replaced. */
function copyOneFile(bucket: string): JsonObject {
  const copy = {
    Type: "Task",
    End: true,
    Resource: "arn:aws:states:::aws-sdk:s3:copyObject",
  };
  const parameters = {
    "CopySource.$": `States.Format('${bucket}/{}', $.path)`,
    Bucket: ref("Bucket"),
    "Key.$": "$.destPath",
    MetadataDirective: "REPLACE",
  };
  return {
    ContentTypeChoice: {
      Type: "Choice",
      Choices: [
        {
          Or: [
            { Variable: "$.contentType", IsPresent: false },
            { Variable: "$.contentType", StringMatches: "" },
          ],
          Next: "CopyFile",
        },
      ],
      Default: "CopyFileWithContentType",
    },
    CopyFile: { ...copy, Parameters: parameters },
    CopyFileWithContentType: { ...copy, Parameters: { ...parameters, "ContentType.$": "$.contentType" } },
  };
}

const copyRole = (facts: WorkloadFacts, mapping: S3Location) =>
  resource(
    "AWS::IAM::Role",
    {
      PermissionsBoundary: permissionsBoundary(facts),
      AssumeRolePolicyDocument: policyDocument({
        Effect: "Allow",
        Principal: { Service: ["states.amazonaws.com"] },
        Action: "sts:AssumeRole",
      }),
      Policies: [
        rolePolicy("ArtifactBucketAccess", ...readArtifacts(mapping)),
        rolePolicy("ServiceBucketAccess", { Effect: "Allow", Action: ["s3:PutObject"], Resource: sub("arn:aws:s3:::${Bucket}/*") }),
        rolePolicy("CacheInvalidation", ...invalidateCache),
      ],
    },
    { description: "An IAM role to copy your site's files" },
  );

const readArtifacts = ({ bucket, key }: S3Location): readonly PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: [`arn:aws:s3:::${bucket}/${key}`, `arn:aws:s3:::${bucket}/local-assets/*`],
  },
  {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: ref("ArtifactKeyARN"),
    Condition: {
      StringEquals: {
        "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::${bucket}`,
        "kms:ViaService": sub("s3.${AWS::Region}.amazonaws.com"),
      },
    },
  },
];

const invalidateCache: readonly PolicyStatement[] = [
  {
    Effect: "Allow",
    Action: [
      "acm:ListCertificates",
      "cloudfront:GetDistribution",
      "cloudfront:GetStreamingDistribution",
      "cloudfront:GetDistributionConfig",
      "cloudfront:ListDistributions",
      "cloudfront:ListCloudFrontOriginAccessIdentities",
      "cloudfront:CreateInvalidation",
      "cloudfront:GetInvalidation",
      "cloudfront:ListInvalidations",
      "elasticloadbalancing:DescribeLoadBalancers",
      "iam:ListServerCertificates",
      "sns:ListSubscriptionsByTopic",
      "sns:ListTopics",
      "waf:GetWebACL",
      "waf:ListWebACLs",
    ],
    Resource: "*",
    Condition: taggedWithWorkload,
  },
  { Effect: "Allow", Action: ["s3:ListAllMyBuckets"], Resource: "arn:aws:s3:::*" },
];
