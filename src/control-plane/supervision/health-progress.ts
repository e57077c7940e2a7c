import type { StepProgress } from "../../model/deployment.ts";
import type { ServiceTask } from "../reconcile/service-plan.ts";

/** Tells of tasks that were started here how they become healthy. */
export class HealthProgress {
  readonly #workload: string;
  readonly #tell: (step: Omit<StepProgress, "type" | "at">) => void;
  readonly #seen = new Map<string, "starting" | "waiting" | "over">();

  constructor(workload: string, tell: (step: Omit<StepProgress, "type" | "at">) => void) {
    this.#workload = workload;
    this.#tell = tell;
  }

  /** Whether the task began while this program was looking. */
  hasSeenStart(taskId: string): boolean {
    return this.#seen.has(taskId);
  }

  /** Compares the tasks with what they were when last looked at. */
  follow(tasks: readonly ServiceTask[]): void {
    for (const task of tasks) this.#followOne(task);
    const known = new Set(tasks.map((task) => task.id));
    for (const id of this.#seen.keys()) if (!known.has(id)) this.#seen.delete(id);
  }

  #followOne(task: ServiceTask): void {
    if (task.phase === "starting") this.#seen.set(task.id, "starting");
    const before = this.#seen.get(task.id);
    if (before === undefined || before === "over" || task.phase === "starting") return;
    const step = { id: `health-${task.id}`, title: `Wait until task ${task.id} of ${this.#workload} is healthy` };
    const trouble = task.crash ?? task.unhealthy;
    const isOver = task.ready || trouble !== undefined || task.phase !== "running";
    if (before === "starting") this.#tell({ ...step, status: "started" });
    this.#seen.set(task.id, isOver ? "over" : "waiting");
    if (!isOver) return;
    this.#tell(trouble ? { ...step, status: "failed", detail: trouble.reason } : { ...step, status: task.ready ? "succeeded" : "skipped" });
  }
}
