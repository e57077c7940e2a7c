/** Reading and querying the logs of workloads. */
export const logActions: readonly string[] = [
  "logs:GetLogRecord",
  "logs:GetQueryResults",
  "logs:StartQuery",
  "logs:GetLogEvents",
  "logs:DescribeLogStreams",
  "logs:StopQuery",
  "logs:TestMetricFilter",
  "logs:FilterLogEvents",
  "logs:GetLogGroupFields",
  "logs:GetLogDelivery",
];

/** Watching, running and stopping tasks and services. */
export const ecsActions: readonly string[] = [
  "ecs:ListAttributes",
  "ecs:ListTasks",
  "ecs:DescribeServices",
  "ecs:DescribeTaskSets",
  "ecs:ListContainerInstances",
  "ecs:DescribeContainerInstances",
  "ecs:DescribeTasks",
  "ecs:DescribeClusters",
  "ecs:UpdateService",
  "ecs:PutAttributes",
  "ecs:StartTelemetrySession",
  "ecs:StartTask",
  "ecs:StopTask",
  "ecs:ListServices",
  "ecs:ListTaskDefinitionFamilies",
  "ecs:DescribeTaskDefinition",
  "ecs:ListTaskDefinitions",
  "ecs:ListClusters",
  "ecs:RunTask",
  "ecs:ListServicesByNamespace",
];

/** Deploying stacks by change sets. */
export const cloudFormationActions: readonly string[] = [
  "cloudformation:CancelUpdateStack",
  "cloudformation:CreateChangeSet",
  "cloudformation:CreateStack",
  "cloudformation:DeleteChangeSet",
  "cloudformation:DeleteStack",
  "cloudformation:Describe*",
  "cloudformation:DetectStackDrift",
  "cloudformation:DetectStackResourceDrift",
  "cloudformation:ExecuteChangeSet",
  "cloudformation:GetTemplate",
  "cloudformation:GetTemplateSummary",
  "cloudformation:UpdateStack",
  "cloudformation:UpdateTerminationProtection",
];

/** Pushing, reading and listing images. */
export const ecrActions: readonly string[] = [
  "ecr:BatchGetImage",
  "ecr:BatchCheckLayerAvailability",
  "ecr:CompleteLayerUpload",
  "ecr:DescribeImages",
  "ecr:DescribeRepositories",
  "ecr:GetDownloadUrlForLayer",
  "ecr:InitiateLayerUpload",
  "ecr:ListImages",
  "ecr:ListTagsForResource",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
  "ecr:GetAuthorizationToken",
];

/** Finding resources by their tags. */
export const resourceGroupActions: readonly string[] = [
  "resource-groups:GetGroup",
  "resource-groups:GetGroupQuery",
  "resource-groups:GetTags",
  "resource-groups:ListGroupResources",
  "resource-groups:ListGroups",
  "resource-groups:SearchResources",
];

/** Reading how load balancers route and how targets are. */
export const loadBalancingActions: readonly string[] = [
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeSSLPolicies",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetHealth",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeRules",
];

/** Reading what pipelines and deployments keep in buckets. */
export const artifactActions: readonly string[] = [
  "s3:ListBucketByTags",
  "s3:GetLifecycleConfiguration",
  "s3:GetBucketTagging",
  "s3:GetInventoryConfiguration",
  "s3:GetObjectVersionTagging",
  "s3:ListBucketVersions",
  "s3:GetBucketLogging",
  "s3:ListBucket",
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketPolicy",
  "s3:GetObjectVersionTorrent",
  "s3:GetObjectAcl",
  "s3:GetEncryptionConfiguration",
  "s3:GetBucketRequestPayment",
  "s3:GetObjectVersionAcl",
  "s3:GetObjectTagging",
  "s3:GetMetricsConfiguration",
  "s3:HeadBucket",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetBucketPolicyStatus",
  "s3:ListBucketMultipartUploads",
  "s3:GetBucketWebsite",
  "s3:ListJobs",
  "s3:GetBucketVersioning",
  "s3:GetBucketAcl",
  "s3:GetBucketNotification",
  "s3:GetReplicationConfiguration",
  "s3:ListMultipartUploadParts",
  "s3:GetObject",
  "s3:GetObjectTorrent",
  "s3:GetAccountPublicAccessBlock",
  "s3:ListAllMyBuckets",
  "s3:DescribeJob",
  "s3:GetBucketCORS",
  "s3:GetAnalyticsConfiguration",
  "s3:GetObjectVersionForReplication",
  "s3:GetBucketLocation",
  "s3:GetObjectVersion",
  "kms:Decrypt",
];

/** Watching, pausing and resuming App Runner services. */
export const appRunnerActions: readonly string[] = [
  "apprunner:DescribeService",
  "apprunner:ListOperations",
  "apprunner:ListServices",
  "apprunner:PauseService",
  "apprunner:ResumeService",
  "apprunner:StartDeployment",
  "apprunner:DescribeObservabilityConfiguration",
  "apprunner:DescribeVpcIngressConnection",
];
