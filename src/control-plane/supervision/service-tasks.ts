import type { ServiceTask, TaskPhase } from "../reconcile/service-plan.ts";
import { taskCondition } from "../tasks/task-condition.ts";
import type { TaskStop } from "../tasks/task-stop.ts";
import type { Task } from "../tasks/task.ts";
import type { ProbeStatus } from "./prober.ts";

/** A task that could not be started, and why. */
export interface FailedStart {
  readonly revision: number;
  readonly specification: string;
  readonly stop: TaskStop;
}

/** What the controller of a workload is doing with its tasks. */
export interface TaskWork {
  readonly starting: ReadonlyMap<string, { readonly revision: number; readonly specification: string }>;
  readonly draining: ReadonlySet<string>;
  readonly stopping: ReadonlySet<string>;
  /** Tasks that were told to end, or will be told nothing of when they do. */
  readonly dismissed: ReadonlySet<string>;
  /** Tasks that could not be started, of which the engine may have nothing. */
  readonly failedStarts: ReadonlyMap<string, FailedStart>;
}

/**
 * How long a task without any check must have run before it counts, in milliseconds: one that crashes at once shall not. A program takes
 * its time to get as far as its crash where the machine is busy: with one second, images that crash at once were taken for good ones.
 */
export const settleTime = 3000;

/** How a task is judged that can be. */
export interface TaskJudgement {
  readonly work: TaskWork;
  readonly wasInterrupted: (taskId: string) => boolean;
  /** `undefined` for a task without checks from outside. */
  readonly probeStatus: (task: Task) => ProbeStatus | undefined;
  readonly now: number;
  /** Tasks of a job's runs are looked after by the run, until the workload is deleted. */
  readonly includesRuns: boolean;
}

/** The tasks of a service as the plan sees them: what the engine has, with what is being done. */
export function toServiceTasks(tasks: readonly Task[], judgement: TaskJudgement): readonly ServiceTask[] {
  const { starting, failedStarts } = judgement.work;
  const known = new Set(tasks.map((task) => task.id));
  const unseen = [...starting].filter(([id]) => !known.has(id));
  const unmade = [...failedStarts].filter(([id]) => !known.has(id));
  return [
    ...tasks.filter((task) => judgement.includesRuns || task.runId === undefined).map((task) => toServiceTask(task, judgement)),
    ...unseen.map(([id, of]): ServiceTask => ({ id, ...of, phase: "starting", ready: false, since: judgement.now })),
    ...unmade.map(([id, { stop, ...of }]): ServiceTask => {
      const phase = judgement.work.stopping.has(id) ? "stopping" : "stopped";
      return { id, ...of, phase, ready: false, crash: stop, since: 0 };
    }),
  ];
}

function toServiceTask(task: Task, judgement: TaskJudgement): ServiceTask {
  const { work, now } = judgement;
  const condition = taskCondition(task);
  const phase = toPhase(task, condition.kind, work);
  const base = { id: task.id, revision: task.revision, specification: task.specification, phase, since: startOf(task) };
  const failedStart = work.failedStarts.get(task.id);
  if (failedStart) return { ...base, ready: false, crash: failedStart.stop };
  if (condition.kind === "ended") {
    const isExpected = work.dismissed.has(task.id) || judgement.wasInterrupted(task.id);
    return { ...base, ready: false, ...(isExpected ? {} : { crash: condition.stop }) };
  }
  if (condition.kind === "starting" || phase !== "running") return { ...base, ready: false };
  const probe = judgement.probeStatus(task);
  const unhealthy = condition.health === "unhealthy" ? unhealthyStop(task) : probe?.kind === "failing" ? probe.stop : undefined;
  const isChecked = condition.health !== "none" || probe !== undefined;
  const ready =
    unhealthy === undefined &&
    condition.health !== "starting" &&
    (probe === undefined || probe.kind === "passing") &&
    (isChecked || now - condition.since >= settleTime);
  return { ...base, since: condition.since, ready, ...(unhealthy ? { unhealthy } : {}) };
}

function toPhase(task: Task, condition: "starting" | "running" | "ended", work: TaskWork): TaskPhase {
  if (work.stopping.has(task.id)) return "stopping";
  if (work.failedStarts.has(task.id) || condition === "ended") return isWhollyStopped(task) ? "stopped" : "ended";
  if (work.starting.has(task.id)) return "starting";
  if (condition === "starting") return "abandoned";
  return work.draining.has(task.id) ? "draining" : "running";
}

/** Whether nothing of a task runs and its holder is gone. */
export function isWhollyStopped(task: Task): boolean {
  return task.holder === undefined && task.members.every(({ container }) => container.state !== "running" && container.state !== "paused");
}

function startOf(task: Task): number {
  const times = task.members.flatMap(({ container }) => (container.startedAt ? [Date.parse(container.startedAt)] : []));
  return times.length > 0 ? Math.max(...times) : 0;
}

function unhealthyStop(task: Task): TaskStop {
  const member = task.members.find((candidate) => candidate.container.health === "unhealthy");
  return member
    ? { reason: `the health check of container ${member.name} fails`, container: member.name }
    : { reason: "its health check fails" };
}

/** When the first task that has to settle will have, in milliseconds; `undefined` when none has to. */
export function nextSettling(tasks: readonly ServiceTask[], now: number): number | undefined {
  const times = tasks
    .filter((task) => task.phase === "running" && !task.ready && task.unhealthy === undefined)
    .map((task) => task.since + settleTime)
    .filter((time) => time > now);
  return times.length > 0 ? Math.min(...times) : undefined;
}
