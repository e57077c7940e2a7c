import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import { policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { closedToThePublic, encryptedByS3 } from "../bucket-properties.ts";

/** The private bucket with the files of a site, which only its distribution reads. */
export const siteBucket = (): Resources => ({
  Bucket: resource(
    "AWS::S3::Bucket",
    {
      VersioningConfiguration: { Status: "Enabled" },
      AccessControl: "Private",
      BucketEncryption: encryptedByS3,
      PublicAccessBlockConfiguration: closedToThePublic,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    },
    { description: "A bucket for the files of your site" },
  ),
  BucketPolicyForCloudFront: resource(
    "AWS::S3::BucketPolicy",
    { Bucket: ref("Bucket"), PolicyDocument: policyDocument(refusePlainHttp, readByDistribution) },
    { description: "A bucket policy that lets your site's distribution read" },
  ),
  EnvManagerS3Access: environmentManagerAccess,
});

const refusePlainHttp = {
  Sid: "ForceHTTPS",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [sub("${Bucket.Arn}"), sub("${Bucket.Arn}/*")],
  Condition: { Bool: { "aws:SecureTransport": false } },
} as const;

const bucketName = { bucket: ref("Bucket") };

const readByDistribution = {
  Sid: "AllowCloudFrontServicePrincipalReadOnly",
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: [sub("arn:${AWS::Partition}:s3:::${bucket}", bucketName), sub("arn:${AWS::Partition}:s3:::${bucket}/*", bucketName)],
  Condition: {
    StringEquals: {
      "AWS:SourceArn": sub("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${cfDistributionID}", {
        cfDistributionID: ref("CloudFrontDistribution"),
      }),
    },
  },
} as const;

/** A bucket must be empty to be deleted, and the environment's manager empties it. */
const environmentManagerAccess = resource(
  "AWS::IAM::Policy",
  {
    Roles: [sub("${AppName}-${EnvName}-EnvManagerRole")],
    PolicyName: sub("${WorkloadName}-S3Access"),
    PolicyDocument: policyDocument({
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: [sub("arn:aws:s3:::${Bucket}"), sub("arn:aws:s3:::${Bucket}/*")],
    }),
  },
  { description: "A policy by which the environment's manager empties the bucket" },
);

/** The domain name at which CloudFront reads the bucket. */
export const bucketDomainName = getAtt("Bucket", "RegionalDomainName");
