import { equals, getAtt, ref } from "../../cloudformation/intrinsics.ts";
import type { Template } from "../../cloudformation/template.ts";
import { addonsStack } from "./addons-stack.ts";
import { autoscaling } from "./autoscaling.ts";
import { ecsService } from "./ecs-service.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { environmentController } from "./environment-controller.ts";
import { fileSystemAccessPoint } from "./file-system-access.ts";
import { httpIngress, listenerRuleIds } from "./http-ingress.ts";
import { httpTargets } from "./http-target-groups.ts";
import { importedLoadBalancerAccess } from "./imported-load-balancer.ts";
import { logGroup } from "./log-group.ts";
import { unlessEmpty } from "./naming.ts";
import { networkIngress, networkListenerIds, networkLoadBalancerOutput, networkTargets } from "./network-load-balancer.ts";
import { rollbackAlarms } from "./rollback-alarms.ts";
import { discoveryOutput, serviceDiscovery } from "./service-discovery.ts";
import { taskDefinition } from "./task-definition.ts";
import { executionRole, taskRole } from "./task-roles.ts";
import { ecsConditions, ecsParameters, isGovCloud, flag, targetParameters, templateMetadata, text } from "./template-parameters.ts";
import { topics } from "./topics.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** The stack of a Load Balanced Web Service. */
export function loadBalancedWebService(workload: EcsWorkload): Template {
  const { spec, facts, routing } = workload;
  return {
    Description: "A load balanced web service on Amazon ECS, made by Copilot",
    Metadata: templateMetadata(spec, facts),
    Parameters: {
      ...ecsParameters(workload),
      ...targetParameters(workload),
      DNSDelegated: flag,
      ...(spec.nlb === undefined ? {} : { NLBAliases: { Type: "String", Default: "" }, NLBPort: text }),
    },
    Conditions: { ...isGovCloud, HasAssociatedDomain: equals(ref("DNSDelegated"), "true"), ...ecsConditions(workload) },
    Resources: {
      ...logGroup(),
      ...taskDefinition(workload),
      ...executionRole(workload),
      ...taskRole(workload),
      ...serviceDiscovery(),
      ...autoscaling(workload),
      ...rollbackAlarms(spec),
      ...environmentController(spec, facts, routing),
      ...service(workload),
      ...(routing === undefined ? {} : httpIngress(routing, facts)),
      ...(routing?.imported === undefined ? {} : importedLoadBalancerAccess(routing.imported)),
      ...networkIngress(workload),
      ...fileSystemAccessPoint(workload),
      ...addonsStack(spec, facts),
      ...topics(spec),
    },
    Outputs: {
      DiscoveryServiceARN: discoveryOutput,
      ...(spec.nlb === undefined ? {} : { PublicNetworkLoadBalancerDNSName: networkLoadBalancerOutput }),
    },
  };
}

/** Seconds before a failing health check stops a new task, where the manifest does not say. */
export const defaultGracePeriod = 60;

function service(workload: EcsWorkload) {
  const { spec, routing } = workload;
  return ecsService(workload, {
    dependsOn: [...(routing === undefined ? [] : listenerRuleIds(routing)), ...networkListenerIds(spec.nlb)],
    properties: {
      HealthCheckGracePeriodSeconds: wholeSeconds(spec.http?.gracePeriod ?? spec.nlb?.gracePeriod ?? defaultGracePeriod),
      LoadBalancers: unlessEmpty([...(routing === undefined ? [] : httpTargets(routing)), ...networkTargets(spec.nlb)]),
      ServiceRegistries: [{ RegistryArn: getAtt("DiscoveryService", "Arn"), Port: ref("TargetPort") }],
    },
  });
}
