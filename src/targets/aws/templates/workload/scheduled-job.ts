import type { Template } from "../../cloudformation/template.ts";
import { addonsStack } from "./addons-stack.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { environmentController } from "./environment-controller.ts";
import { fileSystemAccessPoint } from "./file-system-access.ts";
import { jobSchedule } from "./job-schedule.ts";
import { stateMachine } from "./job-state-machine.ts";
import { logGroup } from "./log-group.ts";
import { taskDefinition } from "./task-definition.ts";
import { executionRole, taskRole } from "./task-roles.ts";
import { ecsConditions, ecsParameters, templateMetadata, text } from "./template-parameters.ts";
import { topics } from "./topics.ts";

/** The stack of a Scheduled Job. */
export function scheduledJob(workload: EcsWorkload): Template {
  const { spec, facts } = workload;
  return {
    Description: "A scheduled job on Amazon ECS, made by Copilot",
    Metadata: templateMetadata(spec, facts),
    Parameters: { ...ecsParameters(workload), Schedule: text },
    Conditions: ecsConditions(workload),
    Resources: {
      ...logGroup(),
      ...environmentController(spec, facts),
      ...taskDefinition(workload),
      ...executionRole(workload),
      ...taskRole(workload),
      ...jobSchedule(workload),
      ...stateMachine(workload),
      ...fileSystemAccessPoint(workload),
      ...addonsStack(spec, facts),
      ...topics(spec),
    },
  };
}
