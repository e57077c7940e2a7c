import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPlan, isNoop } from "../../plan/plan.ts";
import {
  decideService,
  keptStoppedTasks,
  type ServiceTask,
  type ServiceWish,
  type TaskOperation,
  type WantedVersion,
} from "./service-plan.ts";

const version = (revision: number, over: Partial<WantedVersion> = {}): WantedVersion => ({
  revision,
  specification: `s${revision}`,
  count: 1,
  rolling: "default",
  ...over,
});
const task = (id: string, revision: number, over: Partial<ServiceTask> = {}): ServiceTask => ({
  id,
  revision,
  specification: `s${revision}`,
  phase: "running",
  ready: true,
  since: 1,
  ...over,
});
const wish = (over: Partial<ServiceWish>): ServiceWish => ({ isRemoving: false, replaceFrom: 0, ...over });
const next = (revision: number, over: Partial<WantedVersion> = {}): NonNullable<ServiceWish["next"]> => ({
  ...version(revision, over),
  isCancelled: false,
});

function describeOperation(operation: TaskOperation): string {
  return operation.kind === "start-task"
    ? `start a task of the ${operation.version} version`
    : `${operation.kind.replace("-task", "")} ${operation.taskId}`;
}
const planText = (wished: ServiceWish, tasks: readonly ServiceTask[], now = 10): string =>
  formatPlan(decideService(wished, tasks, now).plan, describeOperation);

describe("plans", () => {
  test("a first deployment starts all tasks and serves none before all are ready", () => {
    const wished = wish({ next: next(1, { count: 2 }) });
    expect(planText(wished, [])).toBe(
      "start-next-1: start a task of the next version (revision 1 has 0 of 2 tasks)\nstart-next-2: start a task of the next version (revision 1 has 0 of 2 tasks)",
    );
    expect(decideService(wished, [task("a", 1), task("b", 1, { ready: false })], 10)).toMatchObject({ serving: [], plan: { steps: [] } });
    expect(decideService(wished, [task("a", 1), task("b", 1)], 10)).toMatchObject({ serving: ["a", "b"], verdict: { kind: "healthy" } });
  });

  test("a rolling deployment leaves the old tasks alone until it is accepted", () => {
    const wished = wish({ current: version(1), next: next(2) });
    expect(planText(wished, [task("a", 1)])).toBe("start-next-1: start a task of the next version (revision 2 has 0 of 1 tasks)");
    expect(decideService(wished, [task("a", 1), task("b", 2, { ready: false })], 10)).toMatchObject({
      serving: ["a"],
      plan: { steps: [] },
    });
    expect(planText(wish({ current: version(2) }), [task("a", 1), task("b", 2)])).toBe("drain-task-a: drain a (replaced by revision 2)");
  });

  test("recreate stops the old tasks first", () => {
    const wished = wish({ current: version(1), next: next(2, { rolling: "recreate" }) });
    expect(planText(wished, [task("a", 1)])).toBe("stop-task-a: stop a (revision 2 takes its place)");
    expect(planText(wished, [task("a", 1, { phase: "stopping" })])).toBe("");
    expect(planText(wished, [task("a", 1, { phase: "stopped" })])).toContain("start-next-1");
  });

  test("a crash or a failing check of a new task is the verdict; one of an old task is not", () => {
    const wished = wish({ current: version(1), next: next(2) });
    const crash = { reason: "container api exited with 1", container: "api", exitCode: 1 };
    expect(decideService(wished, [task("a", 1), task("b", 2, { phase: "ended", ready: false, crash })], 10).verdict).toEqual({
      kind: "failed",
      taskId: "b",
      stop: crash,
    });
    expect(decideService(wished, [task("a", 1, { phase: "ended", ready: false, crash })], 10).verdict).toBeUndefined();
    expect(planText(wished, [task("a", 1, { phase: "ended", ready: false, crash })])).toContain("start-current-1");
  });

  test("tasks that keep ending are replaced no sooner than their time", () => {
    const wished = wish({ current: version(1), replaceFrom: 500 });
    expect(decideService(wished, [], 100)).toMatchObject({ plan: { steps: [] }, wakeAt: 500 });
    expect(planText(wished, [], 500)).toContain("start-current-1");
  });

  test("a deletion stops everything, then removes it, and serves nothing", () => {
    const wished = wish({ current: version(1), isRemoving: true });
    expect(decideService(wished, [task("a", 1)], 10).serving).toEqual([]);
    expect(planText(wished, [task("a", 1), task("b", 1, { phase: "stopped" })])).toBe(
      "stop-task-a: stop a (the workload is deleted)\nremove-task-b: remove b (the workload is deleted)",
    );
  });

  test("what a former program left half made is removed, and old stopped tasks too", () => {
    const stopped = ["a", "b", "c", "d"].map((id, index) => task(id, 1, { phase: "stopped", ready: false, since: index }));
    expect(planText(wish({ current: version(1, { count: 0 }) }), [...stopped, task("e", 1, { phase: "abandoned", ready: false })])).toBe(
      `remove-task-e: remove e (its start was interrupted)\nremove-task-a: remove a (only the last ${keptStoppedTasks} stopped tasks are kept)`,
    );
  });
});

type Fault = "none" | "crash" | "unhealthy" | "interrupt";
interface Move {
  readonly fault: Fault;
  readonly at: number;
  readonly deploy: boolean;
}

/** An engine as simple as can be, driven by the plans: what is started becomes ready, what is ended stops, and faults strike at random. */
class Simulation {
  current: WantedVersion | undefined;
  next: NonNullable<ServiceWish["next"]> | undefined;
  tasks: ServiceTask[] = [];
  #ids = 0;
  #revision = 0;

  deploy(count: number, rolling: "default" | "recreate"): void {
    if (this.next) return;
    this.#revision += 1;
    this.next = next(this.#revision, { count, rolling });
  }

  step(): boolean {
    const decision = decideService(this.#wish(), this.tasks, 1000);
    this.#check(
      decision.plan.steps.map((step) => step.operation),
      decision.serving,
    );
    if (decision.verdict) {
      if (decision.verdict.kind === "healthy") this.current = this.next;
      this.next = undefined;
      return true;
    }
    for (const { operation } of decision.plan.steps) this.#apply(operation);
    const starting = this.tasks.some(
      (entry) => entry.phase === "starting" || (entry.phase === "running" && !entry.ready && !entry.unhealthy),
    );
    this.tasks = this.tasks.map((entry) => {
      if (entry.phase === "starting") return { ...entry, phase: "running" };
      if (entry.phase === "running" && !entry.unhealthy) return { ...entry, ready: true };
      if (entry.phase === "draining" || entry.phase === "stopping") return { ...entry, phase: "stopped", ready: false };
      return entry;
    });
    return !isNoop(decision.plan) || starting;
  }

  strike({ fault, at }: Move): void {
    const running = this.tasks.filter((entry) => entry.phase === "running");
    const struck = running[at % Math.max(1, running.length)];
    if (!struck || fault === "none") return;
    const stop = { reason: "struck" };
    this.tasks = this.tasks.map((entry) => {
      if (entry !== struck) return entry;
      if (fault === "unhealthy") return { ...entry, ready: false, unhealthy: stop };
      return { ...entry, phase: "ended", ready: false, ...(fault === "crash" ? { crash: stop } : {}) };
    });
  }

  #wish(): ServiceWish {
    return wish({ ...(this.current ? { current: this.current } : {}), ...(this.next ? { next: this.next } : {}) });
  }

  #apply(operation: TaskOperation): void {
    if (operation.kind === "start-task") {
      const of = operation.version === "next" ? this.next : this.current;
      if (!of) throw new Error("A task of no version was started.");
      this.#ids += 1;
      const { revision, specification } = of;
      this.tasks.push({ id: `t${this.#ids}`, revision, specification, phase: "starting", ready: false, since: this.#ids });
      return;
    }
    const phase = operation.kind === "drain-task" ? "draining" : "stopping";
    this.tasks =
      operation.kind === "remove-task"
        ? this.tasks.filter((entry) => entry.id !== operation.taskId)
        : this.tasks.map((entry) => (entry.id === operation.taskId ? { ...entry, phase, ready: false } : entry));
  }

  #check(operations: readonly TaskOperation[], serving: readonly string[]): void {
    const touched = new Set(operations.flatMap((operation) => (operation.kind === "start-task" ? [] : [operation.taskId])));
    expect(serving.filter((id) => touched.has(id))).toEqual([]);
    for (const id of serving) expect(this.tasks.find((entry) => entry.id === id)).toMatchObject({ ready: true, phase: "running" });
    const { current } = this;
    const isRecreating = this.next?.rolling === "recreate";
    if (!current || isRecreating) return;
    const well = this.tasks.filter((entry) => entry.specification === current.specification && entry.ready && entry.phase === "running");
    const isSwitching = serving.some((id) => this.tasks.find((entry) => entry.id === id)?.specification === this.next?.specification);
    if (!isSwitching) expect(serving).toHaveLength(Math.min(current.count, well.length));
  }
}

test("whatever strikes, nothing that serves is ended, and all ends with what was accepted running and nothing to do", () => {
  const move = fc.record({
    fault: fc.constantFrom<Fault>("none", "none", "crash", "unhealthy", "interrupt"),
    at: fc.nat(5),
    deploy: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom("default" as const, "recreate" as const),
      (moves, count, rolling) => {
        const simulation = new Simulation();
        for (const entry of moves) {
          if (entry.deploy) simulation.deploy(count, rolling);
          simulation.step();
          simulation.strike(entry);
        }
        let steps = 0;
        while (simulation.step()) expect((steps += 1)).toBeLessThan(60);
        expect(simulation.next).toBeUndefined();
        const alive = simulation.tasks.filter((entry) => entry.phase !== "stopped");
        expect(alive.map((entry) => entry.specification)).toEqual(
          Array.from({ length: simulation.current?.count ?? 0 }, () => simulation.current?.specification),
        );
        expect(alive.every((entry) => entry.ready)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
