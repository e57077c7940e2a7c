import type { CompiledStack } from "./compiled-stack.ts";
import type { TaskGroup } from "./templates/task/input.ts";
import { taskTemplate } from "./templates/task/template.ts";

/** Days for which logs of one-off tasks are kept. */
const logRetention = "1";

/** The stack of a group of one-off tasks. */
export const compileTask = (group: TaskGroup): CompiledStack => ({
  name: `task-${group.name}`,
  template: taskTemplate(group),
  parameters: {
    TaskName: group.name,
    TaskCPU: String(group.cpu),
    TaskMemory: String(group.memory),
    LogRetention: logRetention,
    ContainerImage: group.image ?? "",
    TaskRole: group.taskRole ?? "",
    Command: (group.command ?? []).join(","),
    EntryPoint: (group.entrypoint ?? []).join(","),
    EnvFileARN: group.envFileArn ?? "",
    OS: group.platform?.osFamily ?? "",
    Arch: group.platform?.architecture ?? "",
  },
  tags: {
    ...group.tags,
    "copilot-task": group.name,
    ...(group.environment === undefined
      ? {}
      : { "copilot-application": group.environment.application, "copilot-environment": group.environment.name }),
  },
});
