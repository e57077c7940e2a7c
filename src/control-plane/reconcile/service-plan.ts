import type { Plan, Step } from "../../plan/plan.ts";
import type { TaskStop } from "../tasks/task-stop.ts";

/** How far a task is, as the one who runs it knows. */
export type TaskPhase =
  /** Its containers are being made and started. */
  | "starting"
  | "running"
  /** It takes no new requests and ends once it is idle. */
  | "draining"
  /** Its containers are being ended. */
  | "stopping"
  /** An essential container has ended; what else it has is to be ended too. */
  | "ended"
  /** All of it has ended; it is kept for its logs. */
  | "stopped"
  /** Someone began it and is gone: it will never be complete. */
  | "abandoned";

/** A task of a service as the plan sees it. */
export interface ServiceTask {
  readonly id: string;
  readonly revision: number;
  readonly specification: string;
  readonly phase: TaskPhase;
  /** Whether it may be given requests. */
  readonly ready: boolean;
  /** Why its health checks fail. */
  readonly unhealthy?: TaskStop;
  /** Why it ended by itself; unset for one that was told to. */
  readonly crash?: TaskStop;
  /** Milliseconds since 1970 at which it began to run; orders the tasks. */
  readonly since: number;
}

/** A version of a service as the plan sees it. */
export interface WantedVersion {
  readonly revision: number;
  readonly specification: string;
  readonly count: number;
  readonly rolling: "default" | "recreate";
}

/** What shall be. */
export interface ServiceWish {
  readonly current?: WantedVersion;
  readonly next?: WantedVersion & { readonly isCancelled: boolean };
  /** Specification of a failed version whose tasks are left as they are. */
  readonly left?: string;
  readonly isRemoving: boolean;
  /** Before this time, in milliseconds, no task that ended is replaced. */
  readonly replaceFrom: number;
}

/** Something to do with a task. */
export type TaskOperation =
  | { readonly kind: "start-task"; readonly version: "current" | "next" }
  /** Waits until the task is idle, then ends it. */
  | { readonly kind: "drain-task"; readonly taskId: string }
  | { readonly kind: "stop-task"; readonly taskId: string }
  | { readonly kind: "remove-task"; readonly taskId: string };

/** What became of a deployment. */
export type Verdict =
  | { readonly kind: "healthy" }
  | { readonly kind: "failed"; readonly taskId: string; readonly stop: TaskStop }
  | { readonly kind: "cancelled" };

/** What to do now about a service. */
export interface ServiceDecision {
  readonly plan: Plan<TaskOperation>;
  /** Tasks that take requests of the version that is served now; with a healthy verdict, those of the next one. */
  readonly serving: readonly string[];
  readonly verdict?: Verdict;
  /** When to decide again at the latest, in milliseconds, if nothing happens before. */
  readonly wakeAt?: number;
}

/** How many stopped tasks of a workload are kept for their logs. */
export const keptStoppedTasks = 3;

/**
 * Decides what to do next about a service. Pure, and without memory: asked again after each change it brings any state of the engine to
 * what is wished, a deployment to a verdict, and leaves alone what is as it should be.
 */
export function decideService(wish: ServiceWish, tasks: readonly ServiceTask[], now: number): ServiceDecision {
  if (wish.isRemoving) return { plan: { steps: removal(tasks) }, serving: [] };
  const cleaning = cleanUp(tasks);
  const { next } = wish;
  if (next) return decideDeployment({ ...wish, next }, tasks, { now, cleaning });
  const kept = wish.current ? keepUp(wish.current, wish, { tasks, now }) : { steps: [], serving: [] };
  const replaced = alive(tasks)
    .filter((task) => task.specification !== wish.current?.specification && task.specification !== wish.left)
    .map((task) => drain(task, wish.current ? `replaced by revision ${wish.current.revision}` : "its version was not accepted"));
  return { ...kept, plan: { steps: [...cleaning, ...kept.steps, ...replaced] } };
}

type TaskStep = Step<TaskOperation>;

function decideDeployment(
  wish: ServiceWish & { readonly next: NonNullable<ServiceWish["next"]> },
  tasks: readonly ServiceTask[],
  { now, cleaning }: { readonly now: number; readonly cleaning: readonly TaskStep[] },
): ServiceDecision {
  const { current, next } = wish;
  const isSameTask = current?.specification === next.specification;
  const wanted = alive(tasks).filter((task) => task.specification === next.specification);
  const others = alive(tasks).filter((task) => task.specification !== next.specification);
  const stopsFirst = next.rolling === "recreate" && !isSameTask;
  const kept =
    current && !stopsFirst ? keepUp(current, wish, { tasks, now, only: isSameTask ? "serving" : "all" }) : { steps: [], serving: [] };
  const base = { serving: kept.serving, plan: { steps: [...cleaning, ...kept.steps] }, ...wake(kept) };
  if (next.isCancelled) return { ...base, verdict: { kind: "cancelled" } };
  const failed = firstFailure(next, tasks);
  if (failed) return { ...base, verdict: failed };
  const ready = wanted.filter((task) => task.ready);
  if (ready.length >= next.count) return { ...base, serving: pick(ready, next.count).map((task) => task.id), verdict: { kind: "healthy" } };
  const leaving = tasks.filter((task) => task.specification !== next.specification && isLeaving(task));
  if (stopsFirst && (others.length > 0 || leaving.length > 0)) {
    const steps = others.map((task) => stop(task, `revision ${next.revision} takes its place`));
    return { ...base, plan: { steps: [...cleaning, ...steps] } };
  }
  const missing = Math.max(0, next.count - wanted.length);
  return {
    ...base,
    plan: {
      steps: [...base.plan.steps, ...starts("next", missing, `revision ${next.revision} has ${wanted.length} of ${next.count} tasks`)],
    },
  };
}

function firstFailure(next: WantedVersion, tasks: readonly ServiceTask[]): Verdict | undefined {
  for (const task of tasks) {
    if (task.revision !== next.revision || task.specification !== next.specification) continue;
    const stop = task.crash ?? task.unhealthy;
    if (stop) return { kind: "failed", taskId: task.id, stop };
  }
  return undefined;
}

interface Kept {
  readonly steps: readonly TaskStep[];
  readonly serving: readonly string[];
  readonly wakeAt?: number;
}

function wake(kept: Kept): { readonly wakeAt?: number } {
  return kept.wakeAt === undefined ? {} : { wakeAt: kept.wakeAt };
}

/** Keeps as many tasks of the accepted version running as it wants; with `only: "serving"` just tells which serve. */
function keepUp(
  version: WantedVersion,
  wish: ServiceWish,
  { tasks, now, only = "all" }: { readonly tasks: readonly ServiceTask[]; readonly now: number; readonly only?: "all" | "serving" },
): Kept {
  const own = alive(tasks).filter((task) => task.specification === version.specification);
  const well = own.filter((task) => task.unhealthy === undefined);
  const chosen = pick(well, version.count);
  const serving = chosen.filter((task) => task.ready).map((task) => task.id);
  if (only === "serving") return { steps: [], serving };
  const steps = [
    ...own.flatMap((task) => (task.unhealthy ? [stop(task, task.unhealthy.reason)] : [])),
    ...well.filter((task) => !chosen.includes(task)).map((task) => drain(task, `revision ${version.revision} wants ${version.count}`)),
  ];
  const missing = version.count - chosen.length;
  if (missing <= 0) return { steps, serving };
  if (now < wish.replaceFrom) return { steps, serving, wakeAt: wish.replaceFrom };
  return { steps: [...steps, ...starts("current", missing, `${chosen.length} of ${version.count} tasks run`)], serving };
}

/** Ready tasks first, then the older ones, so that what serves goes on serving. */
function pick(tasks: readonly ServiceTask[], count: number): readonly ServiceTask[] {
  return tasks.toSorted((a, b) => Number(b.ready) - Number(a.ready) || a.since - b.since || a.id.localeCompare(b.id)).slice(0, count);
}

function alive(tasks: readonly ServiceTask[]): readonly ServiceTask[] {
  return tasks.filter((task) => task.phase === "starting" || task.phase === "running");
}

function isLeaving(task: ServiceTask): boolean {
  return task.phase === "draining" || task.phase === "stopping" || task.phase === "ended" || task.phase === "abandoned";
}

function cleanUp(tasks: readonly ServiceTask[]): readonly TaskStep[] {
  const stopped = tasks.filter((task) => task.phase === "stopped").toSorted((a, b) => b.since - a.since || a.id.localeCompare(b.id));
  return [
    ...tasks.filter((task) => task.phase === "ended").map((task) => stop(task, task.crash?.reason ?? "it has ended")),
    ...tasks.filter((task) => task.phase === "abandoned").map((task) => remove(task, "its start was interrupted")),
    ...stopped.slice(keptStoppedTasks).map((task) => remove(task, `only the last ${keptStoppedTasks} stopped tasks are kept`)),
  ];
}

function removal(tasks: readonly ServiceTask[]): readonly TaskStep[] {
  return tasks.flatMap((task) => {
    if (task.phase === "stopped" || task.phase === "abandoned") return [remove(task, "the workload is deleted")];
    if (task.phase === "stopping") return [];
    return [stop(task, "the workload is deleted")];
  });
}

function starts(version: "current" | "next", count: number, because: string): readonly TaskStep[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `start-${version}-${index + 1}`,
    operation: { kind: "start-task", version } as const,
    because,
    after: [],
  }));
}

const drain = (task: ServiceTask, because: string): TaskStep => step("drain-task", task, because);
const stop = (task: ServiceTask, because: string): TaskStep => step("stop-task", task, because);
const remove = (task: ServiceTask, because: string): TaskStep => step("remove-task", task, because);

function step(kind: "drain-task" | "stop-task" | "remove-task", task: ServiceTask, because: string): TaskStep {
  return { id: `${kind}-${task.id}`, operation: { kind, taskId: task.id }, because, after: [] };
}
