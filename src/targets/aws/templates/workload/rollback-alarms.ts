import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import { getAtt, ref, select, split } from "../../cloudformation/intrinsics.ts";
import type { CloudWatchAlarm } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { environmentExport } from "./naming.ts";

type AlarmKind = "cpuUtilization" | "memoryUtilization" | "messagesDelayed";

const kinds: readonly {
  readonly kind: AlarmKind;
  readonly id: string;
  readonly nameEnding: string;
  readonly metric: string;
  readonly subject: string;
}[] = [
  {
    kind: "cpuUtilization",
    id: "CPURollbackAlarm",
    nameEnding: "CopilotRollbackCPUAlarm",
    metric: "CPUUtilization",
    subject: "ECS service if CPU utilization",
  },
  {
    kind: "memoryUtilization",
    id: "MemoryRollbackAlarm",
    nameEnding: "CopilotRollbackMemAlarm",
    metric: "MemoryUtilization",
    subject: "ECS service if memory utilization",
  },
  {
    kind: "messagesDelayed",
    id: "MessagesDelayedRollbackAlarm",
    nameEnding: "CopilotRollbackMsgsDelayedAlarm",
    metric: "ApproximateNumberOfMessagesDelayed",
    subject: "worker service if number of messages delayed",
  },
];

function thresholds(spec: WorkloadSpec): Readonly<Partial<Record<AlarmKind, number>>> {
  const alarms = spec.deployment?.rollbackAlarms;
  return alarms === undefined || "names" in alarms ? {} : alarms;
}

/** Names of the alarms that roll a deployment back: existing ones, or those that the stack makes. */
export function rollbackAlarmNames(spec: WorkloadSpec): readonly string[] {
  const alarms = spec.deployment?.rollbackAlarms;
  if (alarms !== undefined && "names" in alarms) return alarms.names;
  const made = thresholds(spec);
  return kinds.filter(({ kind }) => made[kind] !== undefined).map(({ nameEnding }) => alarmName(spec, nameEnding));
}

/** An alarm's name has at most 255 characters: in a longer one each part is cut to the same length. */
function alarmName({ application, environment, name }: WorkloadSpec, ending: string): string {
  const parts = [application, environment, name];
  if (parts.join("").length + ending.length <= 255) return [...parts, ending].join("-");
  const length = Math.floor((255 - ending.length - 3) / 3);
  return [...parts.map((part) => part.slice(0, length)), ending].join("-");
}

/** The alarms that the manifest asks for by their thresholds. */
export function rollbackAlarms(spec: WorkloadSpec): Resources {
  const made = thresholds(spec);
  const entries = kinds.flatMap((kind) => {
    const threshold = made[kind.kind];
    return threshold === undefined ? [] : [[kind.id, alarm(spec, kind, threshold)] as const];
  });
  return Object.fromEntries(entries);
}

function alarm(spec: WorkloadSpec, kind: (typeof kinds)[number], threshold: number) {
  const unit = kind.kind === "messagesDelayed" ? "" : "%";
  const source = kind.kind === "messagesDelayed" ? queueMetric : serviceMetric;
  return resource(
    "AWS::CloudWatch::Alarm",
    {
      AlarmDescription: `Roll back ${kind.subject} is greater than or equal to ${threshold}${unit} twice in 3 minutes.`,
      AlarmName: alarmName(spec, kind.nameEnding),
      ...source,
      MetricName: kind.metric,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      DatapointsToAlarm: 2,
      EvaluationPeriods: 3,
      Period: 60,
      Statistic: "Average",
      Threshold: threshold,
    },
    { description: "A CloudWatch alarm that rolls a deployment back" },
  );
}

const serviceMetric: Pick<CloudWatchAlarm, "Namespace" | "Dimensions" | "Unit"> = {
  Namespace: "AWS/ECS",
  Dimensions: [
    { Name: "ClusterName", Value: environmentExport("ClusterId") },
    { Name: "ServiceName", Value: select(2, split("/", ref("Service"))) },
  ],
  Unit: "Percent",
};

const queueMetric: Pick<CloudWatchAlarm, "Namespace" | "Dimensions" | "Unit"> = {
  Namespace: "AWS/SQS",
  Dimensions: [{ Name: "QueueName", Value: getAtt("EventsQueue", "QueueName") }],
  Unit: "Count",
};
