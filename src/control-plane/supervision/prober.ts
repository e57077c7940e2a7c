import { probeHttp, probeTcp, type HttpProbe } from "./probe.ts";
import type { StackDocument } from "../../targets/docker/stack-document.ts";
import type { WorkloadKey } from "../object-names.ts";
import type { TaskStop } from "../tasks/task-stop.ts";
import { pause } from "../pause.ts";

/** A check of a task from outside, and when it counts. Times are in seconds. */
export type TaskCheck = {
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthyThreshold: number;
  readonly gracePeriod: number;
} & ({ readonly kind: "http"; readonly probe: HttpProbe } | { readonly kind: "tcp"; readonly port: number });

/** What a task's checks say. */
export type ProbeStatus =
  | { readonly kind: "pending" }
  | { readonly kind: "passing" }
  | { readonly kind: "failing"; readonly stop: TaskStop };

/** Checks of a listener that a manifest does not describe, as a network load balancer has them by default. */
const listenerCheck = { interval: 10, timeout: 5, unhealthyThreshold: 3 };
/** How long a first success is waited for between two tries. */
const eagerInterval = 0.1;

/** The checks that a document asks for, each once. */
export function toTaskChecks(document: StackDocument): readonly TaskCheck[] {
  const gracePeriod = document.service?.gracePeriod ?? 0;
  const http = (document.http?.rules ?? []).map((rule): TaskCheck => {
    const { path, port, successCodes, https, interval, timeout, unhealthyThreshold } = rule.healthCheck;
    return {
      kind: "http",
      probe: { path, port, successCodes, https, version: rule.version },
      interval,
      timeout,
      unhealthyThreshold,
      gracePeriod,
    };
  });
  const tcp = (document.listeners ?? [])
    .filter((listener) => listener.protocol !== "udp")
    .map((listener): TaskCheck => ({ kind: "tcp", port: listener.targetPort, gracePeriod, ...listenerCheck }));
  return [...new Map([...http, ...tcp].map((check) => [JSON.stringify(check), check])).values()];
}

/** A task to watch. */
export interface WatchTarget {
  readonly key: WorkloadKey;
  readonly address: string;
  readonly checks: readonly TaskCheck[];
  readonly trusted: boolean;
}

interface Watch {
  readonly key: WorkloadKey;
  readonly address: string;
  readonly checks: readonly TaskCheck[];
  readonly stop: AbortController;
  readonly statuses: ProbeStatus[];
}

/** Watches tasks by the checks of their documents, eagerly until the first success, then at the document's pace. */
export class Prober {
  readonly #watches = new Map<string, Watch>();
  readonly #onChange: (key: WorkloadKey) => void;

  constructor(onChange: (key: WorkloadKey) => void) {
    this.#onChange = onChange;
  }

  /** Begins to watch a task unless it is watched so already. A task that is `trusted` counts as well until a check says otherwise. */
  watch(taskId: string, target: WatchTarget): void {
    const { key, address, checks, trusted } = target;
    const known = this.#watches.get(taskId);
    if (known && known.address === address && JSON.stringify(known.checks) === JSON.stringify(checks)) return;
    known?.stop.abort();
    const kind = trusted ? "passing" : "pending";
    const watch: Watch = { key, address, checks, stop: new AbortController(), statuses: checks.map(() => ({ kind })) };
    this.#watches.set(taskId, watch);
    for (const index of checks.keys()) void this.#follow(watch, index);
  }

  /** Stops watching a task. */
  forget(taskId: string): void {
    this.#watches.get(taskId)?.stop.abort();
    this.#watches.delete(taskId);
  }

  /** What is known of a task; one that is not watched is pending, one without checks passes. */
  status(taskId: string): ProbeStatus {
    const watch = this.#watches.get(taskId);
    if (!watch) return { kind: "pending" };
    return (
      watch.statuses.find((status) => status.kind === "failing") ??
      watch.statuses.find((status) => status.kind === "pending") ?? { kind: "passing" }
    );
  }

  /** Stops watching all tasks. */
  close(): void {
    for (const taskId of this.#watches.keys()) this.forget(taskId);
  }

  async #follow(watch: Watch, index: number): Promise<void> {
    const check = watch.checks[index];
    if (!check) return;
    const { signal } = watch.stop;
    const begun = performance.now();
    let failures = 0;
    while (!signal.aborted) {
      const refusal =
        check.kind === "http"
          ? await probeHttp(watch.address, check.probe, check.timeout)
          : await probeTcp(watch.address, check.port, check.timeout);
      if (signal.aborted) return;
      const before = watch.statuses[index] ?? { kind: "pending" };
      failures = refusal === undefined ? 0 : failures + 1;
      const seconds = (performance.now() - begun) / 1000;
      const after = nextStatus(before, { refusal, failures, seconds, check });
      watch.statuses[index] = after;
      if (after.kind !== before.kind) this.#onChange(watch.key);
      await pause((after.kind === "pending" ? eagerInterval : check.interval) * 1000, signal);
    }
  }
}

/** What one more answer makes of a status: eager checks count by time, later ones by number. */
export function nextStatus(
  before: ProbeStatus,
  seen: { readonly refusal: string | undefined; readonly failures: number; readonly seconds: number; readonly check: TaskCheck },
): ProbeStatus {
  const { refusal, failures, seconds, check } = seen;
  if (refusal === undefined) return { kind: "passing" };
  const stop: TaskStop = { reason: `its health check fails: ${refusal}` };
  if (before.kind === "failing") return { kind: "failing", stop };
  const isOver =
    before.kind === "pending"
      ? seconds >= check.gracePeriod + check.unhealthyThreshold * check.interval
      : failures >= check.unhealthyThreshold && seconds >= check.gracePeriod;
  return isOver ? { kind: "failing", stop } : before;
}
