import type { EngineContainer } from "../engine/engine.ts";
import { labelNames, type WorkloadKey } from "../object-names.ts";
import type { TaskStop } from "./task-stop.ts";

/** Labels of a task's containers beyond those that every object has; with them a task can be judged and stopped without its document. */
export const memberLabels = {
  essential: "copilot.essential",
  /** The image as its document names it; the engine is given its id. */
  image: "copilot.image",
  /** Names of the members that this one starts after, with commas. */
  after: "copilot.after",
  /** Whether the engine checks its health. */
  checked: "copilot.checked",
} as const;

/** A container of a task. */
export interface TaskMember {
  readonly name: string;
  readonly essential: boolean;
  readonly after: readonly string[];
  readonly hasHealthCheck: boolean;
  readonly container: EngineContainer;
}

/** A task as the engine has it. */
export interface Task {
  readonly id: string;
  readonly key: WorkloadKey;
  readonly revision: number;
  readonly specification: string;
  /** Set for a task of a job's run. */
  readonly runId?: string;
  /** Owns the network namespace; gone once the task has stopped. */
  readonly holder?: EngineContainer;
  /** Those which were made, by name. */
  readonly members: readonly TaskMember[];
  /** Names of all members, when the holder still tells. */
  readonly expected: readonly string[];
  /** Why it had ended when it was last looked at, whatever runs of it now. */
  readonly over?: TaskStop;
}

/** Groups the engine's containers into tasks; containers that belong to none are left out. */
export function toTasks(containers: Iterable<EngineContainer>): readonly Task[] {
  const groups = new Map<string, EngineContainer[]>();
  for (const container of containers) {
    const id = container.labels[labelNames.task];
    if (id === undefined) continue;
    const group = groups.get(id);
    if (group) group.push(container);
    else groups.set(id, [container]);
  }
  return [...groups].map(([id, group]) => toTask(id, group));
}

/** A task from its containers, at least one. */
function toTask(id: string, containers: readonly EngineContainer[]): Task {
  const holder = containers.find((container) => container.labels[labelNames.role] === "holder");
  const labels = (holder ?? containers[0])?.labels ?? {};
  const runId = labels[labelNames.run];
  return {
    id,
    key: {
      application: labels[labelNames.application] ?? "",
      environment: labels[labelNames.environment] ?? "",
      workload: labels[labelNames.workload] ?? "",
    },
    revision: Number(labels[labelNames.revision] ?? "0"),
    specification: labels[labelNames.specification] ?? "",
    ...(runId === undefined ? {} : { runId }),
    ...(holder ? { holder } : {}),
    members: containers
      .filter((container) => container.labels[labelNames.role] === "member")
      .map(toMember)
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    expected: toNames(holder?.labels[labelNames.members]),
  };
}

function toMember(container: EngineContainer): TaskMember {
  return {
    name: container.labels[labelNames.container] ?? "",
    essential: container.labels[memberLabels.essential] === "true",
    after: toNames(container.labels[memberLabels.after]),
    hasHealthCheck: container.labels[memberLabels.checked] === "true",
    container,
  };
}

function toNames(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.split(",");
}

/** The task's address in its environment's network, while it runs. */
export function taskAddress(task: Task): string | undefined {
  return task.holder?.state === "running" ? Object.values(task.holder.addresses)[0] : undefined;
}
