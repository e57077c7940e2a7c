import { getAtt, ifElse, join, noValue, ref, region } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { TaskGroup } from "./input.ts";

/** The task definition; it exists once there is an image. */
export const taskDefinition = (group: TaskGroup): Resources => ({
  TaskDefinition: resource(
    "AWS::ECS::TaskDefinition",
    {
      ContainerDefinitions: [container(group)],
      Family: join("-", ["copilot", ref("TaskName")]),
      RuntimePlatform: ifElse("HasCustomPlatform", { OperatingSystemFamily: ref("OS"), CpuArchitecture: ref("Arch") }, noValue),
      RequiresCompatibilities: ["FARGATE"],
      NetworkMode: "awsvpc",
      Cpu: ref("TaskCPU"),
      Memory: ref("TaskMemory"),
      ExecutionRoleArn: group.executionRole ?? getAtt("DefaultExecutionRole", "Arn"),
      TaskRoleArn: ifElse<string>("HasTaskRole", ref("TaskRole"), getAtt("DefaultTaskRole", "Arn")),
    },
    { description: "The task definition of your container", condition: "HasImage", dependsOn: "ECRRepo" },
  ),
});

const byName = (values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1));

function container(group: TaskGroup) {
  const secrets = [...byName(group.parameterSecrets), ...byName(group.managerSecrets)];
  const variables = byName(group.variables);
  return {
    Name: ref("TaskName"),
    Image: ref("ContainerImage"),
    EntryPoint: ifElse<readonly string[]>("HasEntryPoint", ref("EntryPoint"), noValue),
    EnvironmentFiles: [ifElse("HasEnvFile", { Type: "s3", Value: ref("EnvFileARN") }, noValue)],
    Command: ifElse<readonly string[]>("HasCommand", ref("Command"), noValue),
    LogConfiguration: {
      LogDriver: "awslogs",
      Options: { "awslogs-region": region, "awslogs-group": ref("LogGroup"), "awslogs-stream-prefix": "copilot-task" },
    },
    Environment: variables.length === 0 ? undefined : variables.map(([name, value]) => ({ Name: name, Value: value })),
    Secrets: secrets.length === 0 ? undefined : secrets.map(([name, from]) => ({ Name: name, ValueFrom: from })),
  };
}
