import { equals, getAtt, ifElse, not, noValue, ref } from "../../cloudformation/intrinsics.ts";
import type { Template } from "../../cloudformation/template.ts";
import { addonsStack } from "./addons-stack.ts";
import { autoscaling } from "./autoscaling.ts";
import { ecsService } from "./ecs-service.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { environmentController } from "./environment-controller.ts";
import { fileSystemAccessPoint } from "./file-system-access.ts";
import { httpIngress, listenerRuleIds } from "./http-ingress.ts";
import { httpTargets } from "./http-target-groups.ts";
import { defaultGracePeriod } from "./load-balanced-web-service.ts";
import { logGroup } from "./log-group.ts";
import { rollbackAlarms } from "./rollback-alarms.ts";
import { discoveryOutput, serviceDiscovery } from "./service-discovery.ts";
import { noPort } from "./stack-parameters.ts";
import { taskDefinition } from "./task-definition.ts";
import { executionRole, taskRole } from "./task-roles.ts";
import { ecsConditions, ecsParameters, isGovCloud, targetParameters, templateMetadata } from "./template-parameters.ts";
import { topics } from "./topics.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** The stack of a Backend Service. */
export function backendService(workload: EcsWorkload): Template {
  const { spec, facts, routing } = workload;
  return {
    Description: "A backend service on Amazon ECS, made by Copilot",
    Metadata: templateMetadata(spec, facts),
    Parameters: { ...ecsParameters(workload, 30), ...targetParameters(workload) },
    Conditions: { ...isGovCloud, ...ecsConditions(workload), ExposePort: not(equals(ref("TargetPort"), noPort)) },
    Resources: {
      ...logGroup(),
      ...taskDefinition(workload),
      ...executionRole(workload),
      ...taskRole(workload),
      ...serviceDiscovery(),
      ...autoscaling(workload),
      ...(routing === undefined ? {} : httpIngress(routing, facts)),
      ...rollbackAlarms(spec),
      ...service(workload),
      ...fileSystemAccessPoint(workload),
      ...addonsStack(spec, facts),
      ...topics(spec),
      ...environmentController(spec, facts, routing),
    },
    Outputs: { DiscoveryServiceARN: discoveryOutput },
  };
}

function service(workload: EcsWorkload) {
  const { spec, routing } = workload;
  const registries = [{ RegistryArn: getAtt("DiscoveryService", "Arn"), Port: ref("TargetPort") }];
  return ecsService(workload, {
    dependsOn: ["EnvControllerAction", ...(routing === undefined ? [] : listenerRuleIds(routing))],
    properties: {
      ServiceRegistries: ifElse("ExposePort", registries, noValue),
      ...(routing === undefined
        ? {}
        : {
            HealthCheckGracePeriodSeconds: wholeSeconds(spec.http?.gracePeriod ?? defaultGracePeriod),
            LoadBalancers: httpTargets(routing),
          }),
    },
  });
}
