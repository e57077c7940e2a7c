import { getAtt, ref, stackName, sub } from "../../cloudformation/intrinsics.ts";
import type { Sub } from "../../cloudformation/intrinsics.ts";
import { accountRoot, policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Output, Resources, Template } from "../../cloudformation/template.ts";
import { closedToThePublic } from "../bucket-properties.ts";
import { administerKey } from "../key-actions.ts";
import { toRepositoryId } from "./names.ts";

/** A workload of an application, and whether it has a repository for its images. */
export interface ApplicationWorkload {
  readonly name: string;
  readonly withRepository: boolean;
}

/** What an application has in each region: read from the deployed StackSet, changed, and rendered with a higher revision. */
export interface ApplicationResources {
  /** Counts the updates of the StackSet. */
  readonly revision: number;
  readonly workloads: readonly ApplicationWorkload[];
  /** Accounts of environments. */
  readonly accounts: readonly string[];
}

/** Says to programs older than 1.2, which read a list of services here, that they are too old. */
const servicesNote = "See #5140";

/** The template of an application's StackSet: a key, a bucket of artifacts, a repository for each workload that has one. */
export function applicationResourcesTemplate(application: string, version: string, resources: ApplicationResources): Template {
  const accounts = resources.accounts.toSorted();
  const workloads = resources.workloads.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const withRepository = workloads.filter((workload) => workload.withRepository).map(({ name }) => name);
  const roots = principals(accounts);
  return {
    Description: "What a Copilot application has in each region that it uses.",
    Metadata: {
      TemplateVersion: version,
      Version: resources.revision,
      Workloads: workloads.map((workload) => ({ Name: workload.name, WithECR: workload.withRepository })),
      Accounts: accounts,
      Services: servicesNote,
    },
    Resources: {
      KMSKey: key(roots),
      PipelineBuiltArtifactBucketPolicy: bucketPolicy(roots),
      PipelineBuiltArtifactBucket: bucket,
      ...Object.fromEntries(withRepository.map((name) => [toRepositoryId(name), repository(application, name, roots)])),
    },
    Outputs: outputs(application, withRepository, { version, revision: resources.revision }),
  };
}

const principals = (accounts: readonly string[]): readonly Sub[] =>
  ["${AWS::AccountId}", ...accounts].map((account) => sub(`arn:\${AWS::Partition}:iam::${account}:root`));

const key = (roots: readonly Sub[]) =>
  resource(
    "AWS::KMS::Key",
    {
      EnableKeyRotation: true,
      KeyPolicy: {
        Version: "2012-10-17",
        Id: stackName,
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: accountRoot },
            Action: administerKey,
            Resource: "*",
          },
          {
            Effect: "Allow",
            Principal: { AWS: roots },
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            Resource: "*",
          },
        ],
      },
    },
    { description: "The key of the artifacts" },
  );

const bucketPolicy = (roots: readonly Sub[]) =>
  resource(
    "AWS::S3::BucketPolicy",
    {
      Bucket: ref("PipelineBuiltArtifactBucket"),
      PolicyDocument: policyDocument(
        {
          Action: ["s3:*"],
          Effect: "Allow",
          Resource: [
            sub("arn:${AWS::Partition}:s3:::${PipelineBuiltArtifactBucket}"),
            sub("arn:${AWS::Partition}:s3:::${PipelineBuiltArtifactBucket}/*"),
          ],
          Principal: { AWS: roots },
        },
        {
          Action: "s3:PutObject",
          Effect: "Deny",
          Resource: sub("arn:${AWS::Partition}:s3:::${PipelineBuiltArtifactBucket}/*"),
          Principal: "*",
          Condition: {
            StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" },
            Null: { "s3:x-amz-server-side-encryption": false },
          },
        },
        {
          Sid: "ForceHTTPS",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [sub("${PipelineBuiltArtifactBucket.Arn}"), sub("${PipelineBuiltArtifactBucket.Arn}/*")],
          Condition: { Bool: { "aws:SecureTransport": false } },
        },
      ),
    },
    { description: "Who may read and write artifacts", dependsOn: "PipelineBuiltArtifactBucket" },
  );

const bucket = resource("AWS::S3::Bucket", {
  VersioningConfiguration: { Status: "Enabled" },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      {
        ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: getAtt("KMSKey", "Arn") },
        BucketKeyEnabled: true,
      },
    ],
  },
  PublicAccessBlockConfiguration: closedToThePublic,
  OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
  LifecycleConfiguration: {
    Rules: [
      {
        Id: "ExpireLocalAssets",
        Status: "Enabled",
        Prefix: "local-assets",
        ExpirationInDays: 30,
        NoncurrentVersionExpirationInDays: 1,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ],
  },
});

const repository = (application: string, workload: string, roots: readonly Sub[]): Resources[string] =>
  resource(
    "AWS::ECR::Repository",
    {
      RepositoryName: `${application}/${workload}`,
      Tags: [{ Key: "copilot-service", Value: workload }],
      RepositoryPolicyText: policyDocument({
        Sid: "AllowPushPull",
        Effect: "Allow",
        Principal: { AWS: roots },
        Action: pushAndPull,
      }),
    },
    { description: `The images of ${workload}` },
  );

/** What pushing and pulling images takes. */
export const pushAndPull: readonly string[] = [
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchGetImage",
  "ecr:BatchCheckLayerAvailability",
  "ecr:PutImage",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
];

const outputs = (
  application: string,
  withRepository: readonly string[],
  marks: { readonly version: string; readonly revision: number },
): Readonly<Record<string, Output>> => ({
  KMSKeyARN: {
    Description: "The key of the artifacts.",
    Value: getAtt("KMSKey", "Arn"),
    Export: { Name: `${application}-ArtifactKey` },
  },
  PipelineBucket: { Description: "The bucket of artifacts.", Value: ref("PipelineBuiltArtifactBucket") },
  ...Object.fromEntries(
    withRepository.map((name) => [
      toRepositoryId(name),
      { Description: `The images of ${name}.`, Value: getAtt(toRepositoryId(name), "Arn") },
    ]),
  ),
  TemplateVersion: { Description: "Changes with the template, so that instances update.", Value: marks.version },
  StackSetOpId: { Description: "Changes with every update, so that instances update.", Value: marks.revision },
});
