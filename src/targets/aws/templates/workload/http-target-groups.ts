import { ref } from "../../cloudformation/intrinsics.ts";
import type { ECSServiceLoadBalancer } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import { toRootedPath } from "./http-routing.ts";
import type { HttpRouting, RoutedRule } from "./http-routing.ts";
import { environmentExport } from "./naming.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** Logical ID of a rule's target group. */
export const targetGroupId = ({ imported }: HttpRouting, ordinal: string): string =>
  `${imported === undefined ? "TargetGroup" : "TargetGroupForImportedALB"}${ordinal}`;

/** Where the load balancer sends the requests of each rule. */
export const httpTargetGroups = (routing: HttpRouting): Resources =>
  Object.fromEntries(routing.rules.map((rule) => [targetGroupId(routing, rule.ordinal), targetGroup(rule)]));

/** Makes ECS register the tasks with the target groups. */
export const httpTargets = (routing: HttpRouting): readonly ECSServiceLoadBalancer[] =>
  routing.rules.map(({ rule, ordinal }) => ({
    ContainerName: rule.targetContainer,
    ContainerPort: rule.targetPort,
    TargetGroupArn: ref(targetGroupId(routing, ordinal)),
  }));

function targetGroup({ rule }: RoutedRule) {
  const { healthCheck, targetPort } = rule;
  return resource(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    {
      HealthCheckPath: asWritten(toRootedPath(healthCheck.path ?? "/")),
      HealthCheckPort: healthCheck.port === undefined ? undefined : String(healthCheck.port),
      Matcher: healthCheck.successCodes === undefined ? undefined : { HttpCode: asWritten(healthCheck.successCodes) },
      HealthyThresholdCount: healthCheck.healthyThreshold,
      UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
      HealthCheckIntervalSeconds: wholeSeconds(healthCheck.interval),
      HealthCheckTimeoutSeconds: wholeSeconds(healthCheck.timeout),
      HealthCheckProtocol: healthCheckProtocol(targetPort, healthCheck.port),
      Port: targetPort,
      Protocol: targetPort === httpsPort ? "HTTPS" : "HTTP",
      ProtocolVersion: rule.version?.toUpperCase(),
      TargetGroupAttributes: [
        { Key: "deregistration_delay.timeout_seconds", Value: String(wholeSeconds(rule.deregistrationDelay)) },
        { Key: "stickiness.enabled", Value: String(rule.stickiness) },
      ],
      TargetType: "ip",
      VpcId: environmentExport("VpcId"),
    },
    { description: `A target group that connects the load balancer to port ${targetPort} of your tasks` },
  );
}

const httpsPort = 443;

/** Unset where the target's own protocol, which is the default, is right. */
function healthCheckProtocol(targetPort: number, checkPort: number | undefined): "HTTP" | "HTTPS" | undefined {
  if ((checkPort ?? targetPort) === httpsPort) return "HTTPS";
  return targetPort === httpsPort ? "HTTP" : undefined;
}
