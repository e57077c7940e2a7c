import { getAtt, join, ref, sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { inCluster } from "./desired-count.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { environmentExport } from "./naming.ts";
import { queuedTopics, subscriptionsOf } from "./queues.ts";
import { lambdaRole, rolePolicy } from "./roles.ts";
import { cooldowns, scalingPolicy } from "./scaling-policy.ts";
import type { Autoscaling } from "./scaling-policy.ts";

/** Scales a worker by how long messages wait in its queues; nothing when the manifest does not ask for it. */
export function queueScaling(workload: EcsWorkload, count: Autoscaling): Resources {
  const { queueDelay } = count;
  if (queueDelay === undefined) return {};
  const queueIds = ["EventsQueue", ...queuedTopics(subscriptionsOf(workload.spec.subscribes)).map(({ id }) => `${id}EventsQueue`)];
  const backlog = Math.ceil(toMilliseconds(queueDelay.acceptableLatency) / toMilliseconds(queueDelay.messageProcessingTime));
  const policies = queueIds.map((queueId) => [`AutoScalingPolicy${queueId}`, backlogPolicy(queueId, backlog, count)] as const);
  return { ...backlogFunction(workload, queueIds), ...backlogSchedule(), ...Object.fromEntries(policies) };
}

/** Whole numbers, of which a quotient that is whole comes out whole: 1.1 s are 11 times 0.1 s. */
const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000);

const backlogPolicy = (queueId: string, backlog: number, count: Autoscaling) =>
  scalingPolicy(
    join("-", [ref("WorkloadName"), "BacklogPerTask", getAtt(queueId, "QueueName")]),
    {
      ...cooldowns(count.cooldown, count.queueDelay?.cooldown),
      CustomizedMetricSpecification: {
        Namespace: sub("${AppName}-${EnvName}-${WorkloadName}"),
        MetricName: "BacklogPerTask",
        Statistic: "Average",
        Dimensions: [{ Name: "QueueName", Value: getAtt(queueId, "QueueName") }],
        Unit: "Count",
      },
      TargetValue: backlog,
    },
    `Keeps ${backlog} messages for each task in ${queueId}`,
  );

const backlogFunction = ({ facts }: EcsWorkload, queueIds: readonly string[]): Resources => ({
  BacklogPerTaskCalculatorLogGroup: resource("AWS::Logs::LogGroup", {
    LogGroupName: join("/", ["/aws", "lambda", sub("${BacklogPerTaskCalculatorFunction}")]),
    RetentionInDays: 3,
  }),
  BacklogPerTaskCalculatorFunction: lambdaFunction(facts, "BacklogPerTaskCalculatorFunction", {
    role: "BacklogPerTaskCalculatorRole",
    timeout: 600,
    description: "A Lambda function that measures how many messages wait for each task",
    environment: {
      Variables: {
        CLUSTER_NAME: environmentExport("ClusterId"),
        SERVICE_NAME: ref("Service"),
        NAMESPACE: sub("${AppName}-${EnvName}-${WorkloadName}"),
        QUEUE_NAMES: join(
          ",",
          queueIds.map((queueId) => getAtt(queueId, "QueueName")),
        ),
      },
    },
  }),
  BacklogPerTaskCalculatorRole: lambdaRole(facts, {
    description: "An IAM role to measure how many messages wait for each task",
    policies: [
      rolePolicy(
        "BacklogPerTaskCalculatorAccess",
        { Sid: "ECS", Effect: "Allow", Action: ["ecs:DescribeServices"], Resource: "*", Condition: inCluster("ClusterName") },
        {
          Sid: "SQS",
          Effect: "Allow",
          Action: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
          Resource: queueIds.map((queueId) => getAtt(queueId, "Arn")),
        },
      ),
    ],
  }),
});

/** The log group must be there before the function first runs, or the function makes one that never expires. */
const backlogSchedule = (): Resources => ({
  BacklogPerTaskScheduledRule: resource(
    "AWS::Events::Rule",
    {
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      Targets: [{ Arn: getAtt("BacklogPerTaskCalculatorFunction", "Arn"), Id: "BacklogPerTaskCalculatorFunctionTrigger" }],
    },
    { description: "Measures the backlog each minute", dependsOn: ["BacklogPerTaskCalculatorLogGroup"] },
  ),
  PermissionToInvokeBacklogPerTaskCalculatorLambda: resource("AWS::Lambda::Permission", {
    FunctionName: ref("BacklogPerTaskCalculatorFunction"),
    Action: "lambda:InvokeFunction",
    Principal: "events.amazonaws.com",
    SourceArn: getAtt("BacklogPerTaskScheduledRule", "Arn"),
  }),
});
