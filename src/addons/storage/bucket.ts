import { getAtt, importValue, ref, sub, type Text } from "../../targets/aws/cloudformation/intrinsics.ts";
import { policyDocument } from "../../targets/aws/cloudformation/policy.ts";
import { resource, type Resource, type Resources, type Template } from "../../targets/aws/cloudformation/template.ts";
import { closedToThePublic, encryptedByS3 } from "../../targets/aws/templates/bucket-properties.ts";
import { toLogicalId } from "../../targets/aws/templates/workload/naming.ts";
import { environmentParameters, exportName, workloadParameters } from "./storage-parameters.ts";

/** A bucket that lives with its workload, which may use it. */
export function workloadBucketTemplate(name: string): Template {
  const id = toLogicalId(name);
  const arn = `\${ ${id}Bucket.Arn}`;
  const access = accessPolicy("An IAM policy for your workload to use the bucket", {
    description: sub("Grants CRUD access to the S3 bucket ${Bucket}", { Bucket: ref(`${id}Bucket`) }),
    objects: sub(`${arn}/*`),
    bucket: sub(arn),
  });
  return {
    Parameters: workloadParameters,
    Resources: { ...bucketResources(name), [`${id}AccessPolicy`]: access },
    Outputs: {
      [`${id}Name`]: { Description: "Name of the bucket.", Value: ref(`${id}Bucket`) },
      [`${id}AccessPolicy`]: { Description: "Policy that Copilot attaches to the task role.", Value: ref(`${id}AccessPolicy`) },
    },
  };
}

/** A bucket that lives with the environment; it exports what workloads need to be let in. */
export function environmentBucketTemplate(name: string): Template {
  const id = toLogicalId(name);
  return {
    Parameters: environmentParameters,
    Resources: bucketResources(name),
    Outputs: {
      [`${id}Name`]: {
        Description: "Name of the bucket.",
        Value: ref(`${id}Bucket`),
        Export: { Name: sub(exportName(id, "BucketName")) },
      },
      [`${id}BucketARN`]: {
        Description: "ARN of the bucket.",
        Value: getAtt(`${id}Bucket`, "Arn"),
        Export: { Name: sub(exportName(id, "BucketARN")) },
      },
    },
  };
}

/** Lets a workload use a bucket of its environment. */
export function bucketAccessTemplate(name: string): Template {
  const id = toLogicalId(name);
  const bucket = importValue(sub(exportName(id, "BucketName")));
  const arn = importValue(sub(exportName(id, "BucketARN")));
  const access = accessPolicy("An IAM policy for your workload to use a bucket of its environment", {
    description: sub("Grants CRUD access to the S3 bucket ${Bucket}", { Bucket: bucket }),
    objects: sub("${ BucketARN }/*", { BucketARN: arn }),
    bucket: arn,
  });
  return {
    Parameters: workloadParameters,
    Resources: { [`${id}BucketAccessPolicy`]: access },
    Outputs: {
      [`${id}NameBucketName`]: { Description: "Name of the bucket.", Value: bucket },
      [`${id}BucketAccessPolicy`]: { Description: "Policy that Copilot attaches to the task role.", Value: ref(`${id}BucketAccessPolicy`) },
    },
  };
}

function bucketResources(name: string): Resources {
  const id = toLogicalId(name);
  return { [`${id}Bucket`]: bucketResource(name), [`${id}BucketPolicy`]: httpsOnlyPolicy(id) };
}

function bucketResource(name: string): Resource {
  return resource(
    "AWS::S3::Bucket",
    {
      AccessControl: "Private",
      BucketEncryption: encryptedByS3,
      PublicAccessBlockConfiguration: closedToThePublic,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      VersioningConfiguration: { Status: "Enabled" },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "ExpireNonCurrentObjects",
            Status: "Enabled",
            NoncurrentVersionExpirationInDays: 30,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    },
    { description: `An Amazon S3 bucket for the objects of ${name}` },
  );
}

/** Kept when the bucket's stack is deleted: CloudFormation leaves a bucket with objects in it, and it shall stay closed. */
function httpsOnlyPolicy(id: string): Resource {
  return resource(
    "AWS::S3::BucketPolicy",
    {
      PolicyDocument: policyDocument({
        Sid: "ForceHTTPS",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [sub(`\${ ${id}Bucket.Arn}/*`), sub(`\${ ${id}Bucket.Arn}`)],
        Condition: { Bool: { "aws:SecureTransport": false } },
      }),
      Bucket: ref(`${id}Bucket`),
    },
    { description: "A bucket policy that refuses unencrypted connections", deletionPolicy: "Retain" },
  );
}

interface Access {
  readonly description: Text;
  readonly objects: Text;
  readonly bucket: Text;
}

function accessPolicy(description: string, access: Access): Resource {
  return resource(
    "AWS::IAM::ManagedPolicy",
    {
      Description: access.description,
      PolicyDocument: policyDocument(
        {
          Sid: "S3ObjectActions",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectACL", "s3:PutObjectTagging", "s3:DeleteObject", "s3:RestoreObject"],
          Resource: access.objects,
        },
        { Sid: "S3ListAction", Effect: "Allow", Action: "s3:ListBucket", Resource: access.bucket },
      ),
    },
    { description },
  );
}
