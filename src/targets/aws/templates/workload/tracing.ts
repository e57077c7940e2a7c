import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import type { ECSTaskDefinitionContainerDefinition, IAMRolePolicy } from "../../cloudformation/resource-types.ts";
import { awsLogs } from "./log-group.ts";
import { rolePolicy } from "./roles.ts";

/** The collector that sends traces to AWS X-Ray, when the manifest asks for tracing. */
export const tracingContainer = ({ tracing }: WorkloadSpec): readonly ECSTaskDefinitionContainerDefinition[] =>
  tracing === undefined
    ? []
    : [
        {
          Name: "aws-otel-collector",
          Image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.17.0",
          Command: ["--config=/etc/ecs/ecs-xray.yaml"],
          LogConfiguration: awsLogs,
        },
      ];

const sendTraces = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:GetSamplingStatisticSummaries",
] as const;

/** What the collector beside the containers of a task may do. */
export const collectorPolicy = ({ tracing }: WorkloadSpec): readonly IAMRolePolicy[] =>
  tracing === undefined
    ? []
    : [
        rolePolicy("AWSDistroOpenTelemetryPolicy", {
          Effect: "Allow",
          Action: [
            "logs:PutLogEvents",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:DescribeLogGroups",
            ...sendTraces,
          ],
          Resource: "*",
        }),
      ];

/** What App Runner's own tracing needs. */
export const appRunnerTracingPolicy = ({ tracing }: WorkloadSpec): readonly IAMRolePolicy[] =>
  tracing === undefined
    ? []
    : [rolePolicy("EnableAWSXRayTracing", { Effect: "Allow", Action: [...sendTraces, "ssm:GetParameters"], Resource: "*" })];
