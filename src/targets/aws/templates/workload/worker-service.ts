import { noValue } from "../../cloudformation/intrinsics.ts";
import type { Template } from "../../cloudformation/template.ts";
import { addonsStack } from "./addons-stack.ts";
import { autoscaling } from "./autoscaling.ts";
import { ecsService } from "./ecs-service.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { environmentController } from "./environment-controller.ts";
import { fileSystemAccessPoint } from "./file-system-access.ts";
import { logGroup } from "./log-group.ts";
import { queues } from "./queues.ts";
import { rollbackAlarms } from "./rollback-alarms.ts";
import { taskDefinition } from "./task-definition.ts";
import { executionRole, taskRole } from "./task-roles.ts";
import { ecsConditions, ecsParameters, isGovCloud, templateMetadata } from "./template-parameters.ts";
import { topics } from "./topics.ts";

/** The stack of a Worker Service. */
export function workerService(workload: EcsWorkload): Template {
  const { spec, facts } = workload;
  return {
    Description: "A worker service on Amazon ECS, made by Copilot",
    Metadata: templateMetadata(spec, facts),
    Parameters: ecsParameters(workload, 30),
    Conditions: { ...isGovCloud, ...ecsConditions(workload) },
    Resources: {
      ...logGroup(),
      ...taskDefinition(workload),
      ...executionRole(workload),
      ...taskRole(workload),
      ...autoscaling(workload),
      ...rollbackAlarms(spec),
      ...ecsService(workload, { dependsOn: ["EnvControllerAction"], properties: { ServiceRegistries: noValue } }),
      ...fileSystemAccessPoint(workload),
      ...queues(spec.subscribes),
      ...topics(spec),
      ...addonsStack(spec, facts),
      ...environmentController(spec, facts),
    },
  };
}
