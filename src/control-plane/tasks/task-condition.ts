import type { EngineContainer, EngineHealth } from "../engine/engine.ts";
import type { Task, TaskMember } from "./task.ts";
import type { TaskStop } from "./task-stop.ts";

/** How a task is, judged from its containers alone. */
export type TaskCondition =
  /** Not all of its containers have been started yet. */
  | { readonly kind: "starting" }
  /** Every container has been started and the essential ones run. `since` is when the last of them did, in milliseconds. */
  | { readonly kind: "running"; readonly health: EngineHealth; readonly since: number }
  /** An essential container or the holder has ended; other containers may still run. */
  | { readonly kind: "ended"; readonly stop: TaskStop };

/**
 * Judges a task as ECS does: it ends with its first essential container, is as healthy as its essential containers, and never comes back:
 * what someone starts again of a task that had ended does not count, nor does a container that is in the network of a former holder.
 */
export function taskCondition(task: Task): TaskCondition {
  const ended = task.members.filter((member) => member.essential && hasEnded(member)).toSorted(byEnd)[0];
  if (ended) return { kind: "ended", stop: memberStop(ended) };
  if (task.holder === undefined || task.holder.state === "exited" || task.holder.state === "dead") {
    return { kind: "ended", stop: { reason: "its network container is gone" } };
  }
  const lost = task.members.find((member) => member.container.state === "running" && startTime(member) < toTime(task.holder));
  if (lost) return { kind: "ended", stop: { reason: `container ${lost.name} has lost its network, which was started again` } };
  if (task.over) return { kind: "ended", stop: task.over };
  const names = new Set(task.members.filter((member) => member.container.state !== "created").map((member) => member.name));
  if (task.expected.some((name) => !names.has(name))) return { kind: "starting" };
  return { kind: "running", health: taskHealth(task.members), since: Math.max(...task.members.map(startTime), 0) };
}

function hasEnded({ container }: TaskMember): boolean {
  return container.state === "exited" || container.state === "dead" || container.state === "removing";
}

function byEnd(a: TaskMember, b: TaskMember): number {
  return (a.container.finishedAt ?? "").localeCompare(b.container.finishedAt ?? "");
}

/** What is told of a container that ended. */
export function memberStop({ name, container }: TaskMember): TaskStop {
  if (container.error) return { reason: `container ${name} could not start: ${container.error}`, container: name };
  const exitCode = container.exitCode ?? 0;
  const cause = container.outOfMemory ? `was ended for using more memory than it has (exit code ${exitCode})` : `exited with ${exitCode}`;
  return { reason: `container ${name} ${cause}`, container: name, exitCode };
}

function taskHealth(members: readonly TaskMember[]): EngineHealth {
  const checked = members.filter((member) => member.essential && member.hasHealthCheck).map((member) => member.container.health);
  if (checked.length === 0) return "none";
  if (checked.includes("unhealthy")) return "unhealthy";
  return checked.every((health) => health === "healthy") ? "healthy" : "starting";
}

const startTime = ({ container }: TaskMember): number => toTime(container);

const toTime = (container: EngineContainer | undefined): number =>
  container?.startedAt === undefined ? 0 : Date.parse(container.startedAt);
