import type { TaskStatus, WorkloadStatus } from "../../targets/docker/protocol.ts";
import type { WorkloadKey } from "../object-names.ts";
import type { ServiceTask } from "../reconcile/service-plan.ts";
import type { WorkloadState } from "../state/state.ts";
import { taskCondition } from "../tasks/task-condition.ts";
import { memberLabels, type Task } from "../tasks/task.ts";
import { found } from "./answers.ts";
import type { Services } from "./services.ts";

/** How a workload is now. */
export async function describeStatus(services: Services, key: WorkloadKey, state: WorkloadState): Promise<WorkloadStatus> {
  const version = state.current ?? state.next?.version;
  const deployment = found(state.next?.release ?? state.releases.at(-1), {
    code: "not-found",
    message: `${key.workload} was never deployed`,
  });
  const known = new Map(
    services.supervisor
      .controller(key)
      .serviceTasks()
      .map((task) => [task.id, task]),
  );
  const tasks = services.table.tasksOf(key).map((task) => toTaskStatus(task, known.get(task.id)));
  const isUp = (task: TaskStatus): boolean => task.state !== "stopped";
  const site = version?.document.site;
  const nextRun = services.jobs.nextRun(key);
  return {
    workload: { application: key.application, name: key.workload, type: version?.document.type ?? "Backend Service" },
    environment: key.environment,
    desiredCount: state.paused ? 0 : (version?.document.service?.desiredCount ?? 0),
    runningCount: tasks.filter((task) => task.state === "running").length,
    deployment,
    tasks: tasks.filter(isUp),
    stoppedTasks: tasks.filter((task) => !isUp(task)),
    ...(state.paused ? { pausedSince: state.paused.at } : {}),
    ...(state.lastFailure ? { lastFailure: state.lastFailure } : {}),
    ...(site ? { site: await services.sites.size(site.artifact) } : {}),
    ...(nextRun ? { nextRunAt: nextRun.toISOString() } : {}),
  };
}

function toTaskStatus(task: Task, known: ServiceTask | undefined): TaskStatus {
  const condition = taskCondition(task);
  const startedAt = task.members.map(({ container }) => container.startedAt).find((time) => time !== undefined);
  const stoppedAt = task.members
    .map(({ container }) => container.finishedAt ?? "")
    .toSorted()
    .at(-1);
  const reason = known?.crash?.reason ?? (condition.kind === "ended" ? condition.stop.reason : undefined);
  const isStopped = condition.kind === "ended";
  return {
    id: task.id,
    revision: task.revision,
    state: isStopped ? "stopped" : toState(known?.phase ?? condition.kind),
    health: toHealth(condition, known),
    ...(startedAt ? { startedAt } : {}),
    ...(isStopped && stoppedAt ? { stoppedAt } : {}),
    ...(isStopped && reason ? { stoppedReason: reason } : {}),
    containers: task.members.map(({ name, container }) => ({
      name,
      containerId: container.id,
      image: container.labels[memberLabels.image] ?? container.image,
      imageId: container.imageId,
      state: container.state,
      ...(container.health === "none" ? {} : { health: container.health }),
      ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    })),
  };
}

function toState(phase: ServiceTask["phase"]): TaskStatus["state"] {
  switch (phase) {
    case "starting":
    case "abandoned":
      return "starting";
    case "running":
      return "running";
    case "draining":
    case "stopping":
      return "draining";
    case "ended":
    case "stopped":
      return "stopped";
  }
}

function toHealth(condition: ReturnType<typeof taskCondition>, known: ServiceTask | undefined): TaskStatus["health"] {
  if (condition.kind !== "running") return "none";
  if (known?.unhealthy) return "unhealthy";
  if (condition.health !== "none" && condition.health !== "healthy") return condition.health;
  return known && !known.ready ? "starting" : "healthy";
}
