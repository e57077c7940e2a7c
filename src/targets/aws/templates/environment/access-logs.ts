import type { EnvironmentSpec } from "../../../../model/environment-spec.ts";
import { accountId, findInMap, getAtt, join, partition, ref, region, sub } from "../../cloudformation/intrinsics.ts";
import { awsServicePolicy, lambdaTrust, policyDocument } from "../../cloudformation/policy.ts";
import { customResource, resource } from "../../cloudformation/template.ts";
import type { Resources, Template } from "../../cloudformation/template.ts";
import type { EnvironmentFacts } from "../../environment-facts.ts";
import { closedToThePublic, encryptedByS3 } from "../bucket-properties.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { boundaryArn } from "../permissions-boundary.ts";

/** Whether access logs are kept in a bucket that the environment's stack makes. */
export const createsAccessLogsBucket = (spec: EnvironmentSpec): boolean => {
  const logs = spec.publicHttp.accessLogs;
  return logs !== undefined && (logs.bucketName === undefined || logs.bucketName === "");
};

/** The bucket of the public load balancer's access logs, and what empties it before it is deleted. */
export function accessLogs(spec: EnvironmentSpec, facts: EnvironmentFacts): Resources {
  if (!createsAccessLogsBucket(spec)) return {};
  return {
    ELBAccessLogsBucketPolicy: bucketPolicy(spec.publicHttp.accessLogs?.prefix),
    ELBAccessLogsBucket: resource(
      "AWS::S3::Bucket",
      {
        VersioningConfiguration: { Status: "Enabled" },
        BucketEncryption: encryptedByS3,
        PublicAccessBlockConfiguration: closedToThePublic,
      },
      { description: "The bucket of the load balancer's access logs" },
    ),
    ELBAccessLogsBucketCleanerAction: customResource(
      "BucketCleanerFunction",
      { ServiceToken: getAtt("BucketCleanerFunction", "Arn"), BucketName: ref("ELBAccessLogsBucket") },
      { description: "Empties the bucket of access logs when it is deleted" },
    ),
    BucketCleanerFunction: lambdaFunction({
      code: facts.functions.BucketCleanerFunction,
      handler: "handler",
      timeout: 900,
      role: "ELBAccessLogsBucketCleanerRole",
    }),
    ELBAccessLogsBucketCleanerRole: cleanerRole(facts.application.permissionsBoundary),
  };
}

function bucketPolicy(prefix: string | undefined) {
  const folder = prefix === undefined || prefix === "" ? [] : ["/", prefix];
  const deliveryAccount = findInMap("RegionalConfigs", region, "ElbAccountId");
  return resource(
    "AWS::S3::BucketPolicy",
    {
      Bucket: ref("ELBAccessLogsBucket"),
      PolicyDocument: policyDocument({
        Action: ["s3:PutObject"],
        Effect: "Allow",
        Resource: [join("", ["arn:", partition, ":s3:::", ref("ELBAccessLogsBucket"), ...folder, "/AWSLogs/", accountId, "/*"])],
        Principal: { AWS: join("", [sub("arn:${AWS::Partition}:iam::"), deliveryAccount, ":root"]) },
      }),
    },
    { condition: "CreateALB", dependsOn: "ELBAccessLogsBucket" },
  );
}

const cleanerRole = (permissionsBoundary: string | undefined) =>
  resource(
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: lambdaTrust,
      PermissionsBoundary: boundaryArn(permissionsBoundary),
      Path: "/",
      Policies: [
        {
          PolicyName: "CleanELBAccessLogs",
          PolicyDocument: policyDocument({
            Effect: "Allow",
            Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"],
            Resource: [getAtt("ELBAccessLogsBucket", "Arn"), sub("${ BucketARN }/*", { BucketARN: getAtt("ELBAccessLogsBucket", "Arn") })],
          }),
        },
      ],
      ManagedPolicyArns: [awsServicePolicy("AWSLambdaBasicExecutionRole")],
    },
    { description: "The role of the function that empties the bucket of access logs" },
  );

/**
 * The accounts from which load balancers of a region write their logs:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
const logDeliveryAccounts: Readonly<Record<string, string>> = {
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
  "af-south-1": "098369216593",
  "ca-central-1": "985666609251",
  "eu-central-1": "054676820928",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-south-1": "635631232127",
  "eu-west-3": "009996457667",
  "eu-north-1": "897822967062",
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ap-southeast-3": "589379963580",
  "ap-south-1": "718504428378",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
  "us-gov-west-1": "048591011584",
  "us-gov-east-1": "190560391635",
  "cn-north-1": "638102146993",
  "cn-northwest-1": "037604701340",
};

/** The mapping that {@link accessLogs} looks accounts up in; nothing without a bucket of our own. */
export const accessLogMappings = (spec: EnvironmentSpec): Template["Mappings"] =>
  createsAccessLogsBucket(spec)
    ? { RegionalConfigs: Object.fromEntries(Object.entries(logDeliveryAccounts).map(([name, id]) => [name, { ElbAccountId: id }])) }
    : undefined;
