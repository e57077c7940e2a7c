import type { Cooldown, CountSpec } from "../../../../model/workload-spec.ts";
import { ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { ApplicationAutoScalingScalingPolicyTargetTrackingScalingPolicyConfiguration } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { AwsResource } from "../../cloudformation/template.ts";

/** A count that follows metrics. */
export type Autoscaling = Extract<CountSpec, { kind: "autoscaling" }>;

/** What a scaling policy keeps at a value. */
export type TargetTracking = ApplicationAutoScalingScalingPolicyTargetTrackingScalingPolicyConfiguration;

/** A policy that keeps a metric at a value by changing the task count. */
export const scalingPolicy = (
  name: Text,
  configuration: TargetTracking,
  description?: string,
): AwsResource<"AWS::ApplicationAutoScaling::ScalingPolicy"> =>
  resource(
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    {
      PolicyName: name,
      PolicyType: "TargetTrackingScaling",
      ScalingTargetId: ref("AutoScalingTarget"),
      TargetTrackingScalingPolicyConfiguration: configuration,
    },
    { description },
  );

/** Seconds between two actions: a metric's own, else the service's, else two minutes inwards and one outwards. */
export const cooldowns = (
  general: Cooldown | undefined,
  own: Cooldown | undefined,
): Pick<TargetTracking, "ScaleInCooldown" | "ScaleOutCooldown"> => ({
  ScaleInCooldown: own?.in ?? general?.in ?? 120,
  ScaleOutCooldown: own?.out ?? general?.out ?? 60,
});
