import { randomBytes } from "node:crypto";
import { Cron } from "croner";
import { Problem } from "../../model/problem.ts";
import type { JobRun } from "../../targets/docker/protocol.ts";
import type { ScheduleDocument } from "../../targets/docker/stack-document.ts";
import { toErrorBody } from "../deployments/error-body.ts";
import { Work } from "../deployments/work.ts";
import { workloadId, type WorkloadKey } from "../object-names.ts";
import type { Version } from "../state/journal-event.ts";
import { allWorkloads, findWorkload } from "../state/state.ts";
import { carryOut, closingReason, type RunParts } from "./run-job.ts";

/** What jobs are run with. */
export interface JobsParts extends RunParts {
  readonly warn: (message: string) => void;
}

interface Timetable {
  readonly schedule: string;
  readonly cron: Cron;
}

/** How many stopped tasks of a job are kept for their logs. */
const keptRunTasks = 3;

/** Runs jobs when their schedules say so (in UTC, as on AWS) or when asked. A tick that was missed while nobody ran is not made up for. */
export class Jobs {
  readonly #parts: JobsParts;
  readonly #timetables = new Map<string, Timetable>();
  readonly #running = new Map<string, Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>>();

  constructor(parts: JobsParts) {
    this.#parts = parts;
  }

  /** Takes up the runs that a former control plane began, and every schedule. */
  start(): void {
    for (const { key, workload } of allWorkloads(this.#parts.store.state)) {
      this.reschedule(key);
      const { current } = workload;
      if (!current) continue;
      for (const run of workload.runs) if (run.status === "running") this.#carryOut(key, current, { run, work: new Work() });
    }
  }

  /** Follows a change of the accepted version. */
  reschedule(key: WorkloadKey): void {
    const id = workloadId(key);
    const state = findWorkload(this.#parts.store.state, key);
    const job = state?.isRemoving ? undefined : state?.current?.document.job;
    const wanted = job && job.schedule.kind !== "none" ? JSON.stringify(job.schedule) : undefined;
    const known = this.#timetables.get(id);
    if (known?.schedule === wanted) return;
    known?.cron.stop();
    this.#timetables.delete(id);
    if (!job || !wanted) return;
    const cron = toCron(job.schedule, () => this.#tick(key));
    if (cron) this.#timetables.set(id, { schedule: wanted, cron });
  }

  /** When the job runs next by itself. */
  nextRun(key: WorkloadKey): Date | undefined {
    return this.#timetables.get(workloadId(key))?.cron.nextRun() ?? undefined;
  }

  /** Starts a run; its outcome is `deployed` when it succeeded and `failed` when not. Rejects nothing: the work tells. */
  runNow(key: WorkloadKey): Work {
    const current = findWorkload(this.#parts.store.state, key)?.current;
    if (!current?.document.job) {
      throw new Problem("not-a-job", `${key.workload} cannot be run: it is no job, or no deployment of it has succeeded`, {
        hint: `copilot job deploy --name ${key.workload} --env ${key.environment}`,
      });
    }
    const work = new Work();
    this.#begin(key, current, { trigger: "manual", work });
    return work;
  }

  /** Ends the runs of a job and its schedule. */
  async stop(key: WorkloadKey): Promise<void> {
    const id = workloadId(key);
    this.#timetables.get(id)?.cron.stop();
    this.#timetables.delete(id);
    const runs = [...(this.#running.get(id)?.values() ?? [])];
    for (const run of runs) run.stop.abort(new Error("The job is deleted."));
    await Promise.all(runs.map((run) => run.done));
  }

  /** Lets go of everything; runs under way go on. */
  async close(): Promise<void> {
    for (const { cron } of this.#timetables.values()) cron.stop();
    const runs = [...this.#running.values()].flatMap((of) => [...of.values()]);
    for (const run of runs) run.stop.abort(closingReason);
    await Promise.all(runs.map((run) => run.done));
  }

  #tick(key: WorkloadKey): void {
    const current = findWorkload(this.#parts.store.state, key)?.current;
    if (current) this.#begin(key, current, { trigger: "schedule", work: new Work() });
  }

  #begin(key: WorkloadKey, version: Version, { trigger, work }: { readonly trigger: JobRun["trigger"]; readonly work: Work }): void {
    const run: JobRun = {
      id: randomBytes(6).toString("hex"),
      trigger,
      startedAt: new Date(this.#parts.now()).toISOString(),
      status: "running",
      tries: 0,
      taskIds: [],
    };
    this.#carryOut(key, version, { run, work });
  }

  #carryOut(key: WorkloadKey, version: Version, { run, work }: { readonly run: JobRun; readonly work: Work }): void {
    const id = workloadId(key);
    const stop = new AbortController();
    const runs = this.#running.get(id) ?? new Map();
    this.#running.set(id, runs);
    const done = this.#doRun(key, version, { run, work, signal: stop.signal })
      .catch((error: unknown) => {
        if (stop.signal.reason === closingReason) return;
        work.emit({ type: "error", error: toErrorBody(error) });
        this.#parts.warn(`Run ${run.id} of ${key.workload}: ${String(error)}`);
      })
      .finally(() => runs.delete(run.id));
    runs.set(run.id, { stop, done });
  }

  async #doRun(
    key: WorkloadKey,
    version: Version,
    at: { readonly run: JobRun; readonly work: Work; readonly signal: AbortSignal },
  ): Promise<void> {
    const { run, work, signal } = at;
    const because = run.trigger === "manual" ? "asked for" : "its schedule says so";
    const step = { type: "step", id: `run-${run.id}`, title: `Run ${key.workload}`, because } as const;
    const time = (): string => new Date(this.#parts.now()).toISOString();
    await this.#parts.store.record({ type: "run-recorded", ...key, run });
    work.emit({ ...step, status: "started", at: time() });
    const result = await carryOut(this.#parts, { key, version, run, signal });
    await this.#prune(key);
    const succeeded = result.run.status === "succeeded";
    work.emit({
      ...step,
      status: succeeded ? "succeeded" : "failed",
      at: time(),
      ...(result.failure ? { detail: result.failure.reason } : {}),
    });
    if (succeeded) work.emit({ type: "outcome", outcome: { kind: "deployed", revision: version.revision, urls: [] } });
    else
      work.emit({
        type: "outcome",
        outcome: { kind: "failed", failure: result.failure ?? { reason: "it did not succeed", lastLines: [] } },
      });
  }

  async #prune(key: WorkloadKey): Promise<void> {
    const running = new Set(this.#running.get(workloadId(key))?.keys());
    const done = this.#parts.table
      .tasksOf(key)
      .filter((task) => task.runId !== undefined && task.holder === undefined)
      .toSorted((a, b) => startOf(b).localeCompare(startOf(a)));
    const superfluous = done.slice(keptRunTasks).filter((task) => !running.has(task.runId ?? ""));
    await Promise.all(superfluous.map((task) => this.#parts.runner.remove(key, task.id)));
  }
}

function startOf(task: { readonly members: readonly { readonly container: { readonly startedAt?: string } }[] }): string {
  return (
    task.members
      .map(({ container }) => container.startedAt ?? "")
      .toSorted()
      .at(-1) ?? ""
  );
}

/** A timer for a schedule. Rates count from now, as those of EventBridge do. */
function toCron(schedule: ScheduleDocument, tick: () => void): Cron | undefined {
  switch (schedule.kind) {
    case "none":
      return undefined;
    case "cron":
      return new Cron(schedule.expression, { timezone: "UTC", unref: true }, tick);
    case "rate":
      return new Cron(
        "* * * * * *",
        { timezone: "UTC", unref: true, interval: schedule.minutes * 60, startAt: new Date(Date.now() + schedule.minutes * 60_000) },
        tick,
      );
  }
}
