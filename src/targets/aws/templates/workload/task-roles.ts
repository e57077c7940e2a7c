import { isJobType } from "../../../../model/names.ts";
import { join, ref } from "../../cloudformation/intrinsics.ts";
import { assumedByService, awsServicePolicy } from "../../cloudformation/policy.ts";
import type { IAMRolePolicy } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { executeCommandStatements } from "../execute-command.ts";
import { sidecars } from "./ecs-workload.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { readEnvironmentFile } from "./environment-file.ts";
import { fileSystemPolicies } from "./file-system-access.ts";
import { toLogicalId, unlessEmpty } from "./naming.ts";
import { denyIam, permissionsBoundary, readTaggedSecrets, rolePolicy } from "./roles.ts";
import { addonsOutput } from "./secrets.ts";
import { publishPolicy } from "./topics.ts";
import { collectorPolicy } from "./tracing.ts";

/** Lets containers of ECS tasks, or ECS for them, take on a role. */
export const taskTrust = assumedByService("ecs-tasks.amazonaws.com");

/** The role by which ECS starts the containers: it reads images, secrets and env files. */
export const executionRole = ({ task, facts }: EcsWorkload): Resources => ({
  ExecutionRole: resource(
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: taskTrust,
      PermissionsBoundary: permissionsBoundary(facts),
      Policies: [
        rolePolicy(
          join("", [ref("AppName"), "-", ref("EnvName"), "-", ref("WorkloadName"), "SecretsPolicy"]),
          ...readTaggedSecrets(ref("ArtifactKeyARN")),
        ),
        readEnvironmentFile("HasEnvFile", "EnvFileARN", "GetEnvFilePolicy"),
        ...(task.logRouter === undefined ? [] : [readEnvironmentFile("HasLoggingEnvFile", "LoggingEnvFileARN", "GetLoggingEnvFilePolicy")]),
        ...sidecars(task).map(({ name }) => {
          const id = toLogicalId(name);
          return readEnvironmentFile(`HasEnvFileFor${id}`, `EnvFileARNFor${id}`, `GetEnvFilePolicyFor${id}`);
        }),
      ],
      ManagedPolicyArns: [awsServicePolicy("AmazonECSTaskExecutionRolePolicy")],
    },
    { description: "An IAM role by which ECS starts your containers" },
  ),
});

/** The role of the containers themselves. */
export const taskRole = (workload: EcsWorkload): Resources => ({
  TaskRole: resource(
    "AWS::IAM::Role",
    {
      ManagedPolicyArns: unlessEmpty((workload.facts.addons?.policies ?? []).map(addonsOutput)),
      PermissionsBoundary: permissionsBoundary(workload.facts),
      AssumeRolePolicyDocument: taskTrust,
      Policies: [
        denyIam,
        // A job's tasks are started without the channel that a shell needs, so its role has no use for it.
        ...(workload.task.exec && !isJobType(workload.spec.type) ? [executeCommand] : []),
        ...fileSystemPolicies(workload),
        ...publishPolicy(workload.spec),
        ...collectorPolicy(workload.spec),
      ],
    },
    { description: "An IAM role for what your containers may do" },
  ),
});

/** Lets a person open a shell in a container. */
const executeCommand: IAMRolePolicy = rolePolicy("ExecuteCommand", ...executeCommandStatements);
