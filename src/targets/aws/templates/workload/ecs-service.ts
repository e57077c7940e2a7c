import type { DeploymentSpec } from "../../../../model/workload-spec.ts";
import { getAtt, ifElse, noValue, ref } from "../../cloudformation/intrinsics.ts";
import type {
  ECSService,
  ECSServiceCapacityProviderStrategyItem,
  ECSServiceDeploymentConfiguration,
} from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { environmentExport, unlessEmpty } from "./naming.ts";
import { environmentSecurityGroup, ownSecurityGroups, placedSubnets, publicAddress } from "./network.ts";
import { rollbackAlarmNames } from "./rollback-alarms.ts";
import { serviceConnect } from "./service-connect.ts";
import { platformVersion } from "./task-definition.ts";

/** How the ECS service of one workload type differs from the others. */
export interface EcsServiceInput {
  readonly dependsOn: readonly string[];
  readonly properties: Partial<ECSService>;
}

/** The ECS service that keeps the workload's tasks running. */
export function ecsService(workload: EcsWorkload, input: EcsServiceInput): Resources {
  const { spec, task, facts } = workload;
  const capacity = capacityProviders(workload);
  return {
    Service: resource(
      "AWS::ECS::Service",
      {
        PlatformVersion: platformVersion(workload),
        Cluster: environmentExport("ClusterId"),
        TaskDefinition: ref("TaskDefinition"),
        DesiredCount: spec.count?.kind === "autoscaling" ? getAtt("DynamicDesiredCountAction", "DesiredCount") : ref("TaskCount"),
        DeploymentConfiguration: deploymentConfiguration(workload),
        PropagateTags: "SERVICE",
        EnableExecuteCommand: task.exec ? true : undefined,
        LaunchType: capacity.length === 0 ? "FARGATE" : undefined,
        CapacityProviderStrategy: unlessEmpty(capacity),
        ServiceConnectConfiguration: serviceConnect(workload),
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            AssignPublicIp: publicAddress(spec.network),
            Subnets: placedSubnets(spec.network, facts),
            SecurityGroups: [
              ...(spec.network.denyDefaultSecurityGroup ? [] : [environmentSecurityGroup]),
              ...ownSecurityGroups(spec.network, facts),
            ],
          },
        },
        ...input.properties,
      },
      {
        description: "An ECS service that keeps your tasks running",
        dependsOn: unlessEmpty(input.dependsOn),
      },
    ),
  };
}

/** Tasks below `spotFrom` run on dedicated capacity; none means dedicated capacity for all. */
function capacityProviders({ spec: { count } }: EcsWorkload): readonly ECSServiceCapacityProviderStrategyItem[] {
  const spot = { CapacityProvider: "FARGATE_SPOT", Weight: 1 };
  if (count?.kind === "spot") return [spot];
  if (count?.kind !== "autoscaling" || count.spotFrom === undefined) return [];
  if (count.spotFrom < count.min) return [spot];
  return [spot, { CapacityProvider: "FARGATE", Weight: 0, Base: Math.max(count.spotFrom - 1, 0) }];
}

const percentages: Readonly<Record<DeploymentSpec["rolling"], ECSServiceDeploymentConfiguration>> = {
  default: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
  recreate: { MinimumHealthyPercent: 0, MaximumPercent: 100 },
};

/** Without alarms their setting is switched off, except on AWS GovCloud, which does not know it. */
function deploymentConfiguration({ spec }: EcsWorkload): ECSServiceDeploymentConfiguration {
  const names = rollbackAlarmNames(spec);
  return {
    DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    ...percentages[spec.deployment?.rolling ?? "default"],
    Alarms:
      names.length > 0
        ? { AlarmNames: names, Enable: true, Rollback: true }
        : ifElse("IsGovCloud", noValue, { Enable: false, AlarmNames: [], Rollback: true }),
  };
}
