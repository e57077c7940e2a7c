import { Problem } from "../../../model/problem.ts";
import { toWords } from "../../../operations/to-words.ts";
import type { TaskStatus } from "../../../model/workload-status.ts";
import type { CommandRun } from "../../define.ts";
import { withApplication } from "../../open-application.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./exec.command.ts";

/** Runs a command in a running container, on this terminal; its exit code is ours. */
export const run: CommandRun<typeof flags> = async ({ flags }, context) => {
  const words = toWords(flags.command);
  if (words.length === 0) throw new Problem("invalid-flag", "read --command: it is empty", { hint: "give a command such as /bin/sh" });
  const command = await withApplication(context, { app: flags.app }, async (opened) => {
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "service" });
    const status = await opened.session.workloadStatus(environment, name);
    const task = pickTask(status?.tasks ?? [], { id: flags.taskId, service: name, environment: environment.name });
    const containerName = flags.container ?? name;
    const container = task.containers.find((candidate) => candidate.name === containerName);
    if (container === undefined)
      throw new Problem("container-not-found", `run a command in ${containerName}: task ${task.id} has no such container`, {
        hint: `it has ${task.containers.map((candidate) => candidate.name).join(", ")}`,
      });
    context.terminal.err.write(`Execute \`${flags.command}\` in container ${containerName} in task ${task.id.slice(0, 8)}.\n`);
    return opened.session.attachedCommand(container.containerId, words, context.terminal.interactive);
  });
  return context.processes.attach(command.file, command.arguments);
};

function pickTask(
  tasks: readonly TaskStatus[],
  { id, service, environment }: { readonly id: string | undefined; readonly service: string; readonly environment: string },
): TaskStatus {
  const running = tasks.filter((task) => task.state === "running" && task.id.startsWith(id ?? ""));
  const task = running.toSorted((a, b) => b.revision - a.revision)[0];
  if (task !== undefined) return task;
  const which = id === undefined ? "" : ` whose id starts with ${id}`;
  throw new Problem("no-running-task", `run a command in ${service}: no task${which} runs in ${environment}`, {
    hint: `run \`copilot svc status --name ${service} --env ${environment}\``,
  });
}
