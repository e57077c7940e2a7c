import type { ScalingMetric } from "../../../../model/workload-spec.ts";
import { getAtt, join, ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import { awsServicePolicy } from "../../cloudformation/policy.ts";
import type { ApplicationAutoScalingScalingPolicyCustomizedMetricSpecification } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { desiredCount } from "./desired-count.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import type { HttpRouting } from "./http-routing.ts";
import { targetGroupId } from "./http-target-groups.ts";
import { environmentExport } from "./naming.ts";
import { queueScaling } from "./queue-scaling.ts";
import { permissionsBoundary } from "./roles.ts";
import { cooldowns, scalingPolicy } from "./scaling-policy.ts";
import type { Autoscaling, TargetTracking } from "./scaling-policy.ts";
import { taskTrust } from "./task-roles.ts";

/** What scales a service; nothing when its count is fixed. */
export function autoscaling(workload: EcsWorkload): Resources {
  const { count } = workload.spec;
  if (count?.kind !== "autoscaling") return {};
  return {
    ...desiredCount(workload.facts),
    ...scalableTarget(workload, count),
    ...utilizationPolicies(count),
    ...queueScaling(workload, count),
    ...(workload.routing === undefined ? {} : loadBalancerPolicies(workload.routing, count)),
  };
}

const scalableTarget = ({ facts }: EcsWorkload, count: Autoscaling): Resources => ({
  AutoScalingRole: resource(
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: taskTrust,
      ManagedPolicyArns: [awsServicePolicy("AmazonEC2ContainerServiceAutoscaleRole")],
      PermissionsBoundary: permissionsBoundary(facts),
    },
    { description: "An IAM role that scales your containers" },
  ),
  AutoScalingTarget: resource(
    "AWS::ApplicationAutoScaling::ScalableTarget",
    {
      MinCapacity: count.min,
      MaxCapacity: count.max,
      ResourceId: join("/", ["service", environmentExport("ClusterId"), getAtt("Service", "Name")]),
      ScalableDimension: "ecs:service:DesiredCount",
      ServiceNamespace: "ecs",
      RoleARN: getAtt("AutoScalingRole", "Arn"),
    },
    { description: "The range that your service's task count may move in" },
  ),
});

const utilizationPolicies = (count: Autoscaling): Resources => ({
  ...policyUnlessUnset("ECSServiceAverageCPUUtilization", count.cpu, (metric) =>
    utilization("ECSServiceAverageCPUUtilization", metric, count),
  ),
  ...policyUnlessUnset("ECSServiceAverageMemoryUtilization", count.memory, (metric) =>
    utilization("ECSServiceAverageMemoryUtilization", metric, count),
  ),
});

const utilization = (name: string, metric: ScalingMetric, count: Autoscaling): TargetTracking => ({
  PredefinedMetricSpecification: { PredefinedMetricType: name },
  ...cooldowns(count.cooldown, metric.cooldown),
  TargetValue: metric.value,
});

function loadBalancerPolicies(routing: HttpRouting, count: Autoscaling): Resources {
  const track =
    (metricName: string, statistic: string) =>
    (metric: ScalingMetric): TargetTracking => ({
      CustomizedMetricSpecification: loadBalancerMetric(routing, metricName, statistic),
      ...cooldowns(count.cooldown, metric.cooldown),
      TargetValue: metric.value,
    });
  return {
    ...policyUnlessUnset("ALBSumRequestCountPerTarget", count.requests, track("RequestCountPerTarget", "Sum")),
    ...policyUnlessUnset("ALBAverageResponseTime", count.responseTime, track("TargetResponseTime", "Average")),
  };
}

const loadBalancerMetric = (
  routing: HttpRouting,
  metricName: string,
  statistic: string,
): ApplicationAutoScalingScalingPolicyCustomizedMetricSpecification => ({
  Dimensions: [
    { Name: "LoadBalancer", Value: loadBalancerName(routing) },
    { Name: "TargetGroup", Value: getAtt(targetGroupId(routing, ""), "TargetGroupFullName") },
  ],
  MetricName: metricName,
  Namespace: "AWS/ApplicationELB",
  Statistic: statistic,
});

function loadBalancerName({ scope, imported }: HttpRouting): Text {
  if (scope === "internal") return getAtt("EnvControllerAction", "InternalLoadBalancerFullName");
  return imported?.name ?? getAtt("EnvControllerAction", "PublicLoadBalancerFullName");
}

function policyUnlessUnset(
  name: string,
  metric: ScalingMetric | undefined,
  configure: (metric: ScalingMetric) => TargetTracking,
): Resources {
  if (metric === undefined) return {};
  return { [`AutoScalingPolicy${name}`]: scalingPolicy(join("-", [ref("WorkloadName"), name, "ScalingPolicy"]), configure(metric)) };
}
