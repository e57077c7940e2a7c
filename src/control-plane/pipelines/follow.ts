import { readFile } from "node:fs/promises";
import type { ActionKey } from "../../pipelines/execution/event.ts";
import type { ExecutionLogLine, ExecutionStreamEvent, ExecutionView } from "../../pipelines/pipeline-api.ts";
import type { ExecutionUpdate } from "./runner-dependencies.ts";

/** Tells everything new of executions to whoever listens. */
export class UpdateBus {
  readonly #listeners = new Set<(update: ExecutionUpdate) => void>();

  tell(update: ExecutionUpdate): void {
    for (const listener of this.#listeners) listener(update);
  }

  /** What is new of one execution from this call on, until the signal fires or the reader ends the loop. */
  listen(execution: string, signal: AbortSignal): AsyncGenerator<ExecutionUpdate> {
    const waiting: ExecutionUpdate[] = [];
    let wake: () => void = () => undefined;
    const listener = (update: ExecutionUpdate): void => {
      if ((update.type === "state" ? update.state.id : update.execution) !== execution) return;
      waiting.push(update);
      wake();
    };
    this.#listeners.add(listener);
    const listeners = this.#listeners;
    const onAbort = (): void => wake();
    signal.addEventListener("abort", onAbort);
    async function* read(): AsyncGenerator<ExecutionUpdate> {
      try {
        while (!signal.aborted) {
          const next = waiting.shift();
          if (next !== undefined) yield next;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        listeners.delete(listener);
        signal.removeEventListener("abort", onAbort);
      }
    }
    return read();
  }
}

/** The state now, then every change and line, until the execution has ended. */
export async function* followExecution(
  { execution, view }: { readonly execution: string; readonly view: () => Promise<ExecutionView> },
  bus: UpdateBus,
  signal: AbortSignal,
): AsyncGenerator<ExecutionStreamEvent> {
  const updates = bus.listen(execution, signal);
  const first = await view();
  yield { type: "state", ...first };
  if (first.state.status !== "in-progress") return void (await updates.return(undefined));
  for await (const update of updates) {
    if (update.type === "line") yield { type: "line", stage: update.stage, action: update.action, at: update.at, text: update.text };
    else {
      const { waits } = await view();
      yield { type: "state", state: update.state, waits };
      if (update.state.status !== "in-progress") return;
    }
  }
}

/** Lines that an action has written so far. */
export async function readLog(file: string, key: ActionKey): Promise<readonly ExecutionLogLine[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => ({ ...key, at: line.slice(0, line.indexOf(" ")), text: line.slice(line.indexOf(" ") + 1) }));
}

/** Lines of actions as files have them, in the order of their times, and with `follow` those that come until the execution ends. */
export async function* followLogs(
  logs: {
    readonly execution: string;
    readonly files: readonly (ActionKey & { readonly file: string })[];
    readonly follow: boolean;
    readonly isRunning: () => boolean;
  },
  bus: UpdateBus,
  signal: AbortSignal,
): AsyncGenerator<ExecutionLogLine> {
  const updates = bus.listen(logs.execution, signal);
  const known = (await Promise.all(logs.files.map(({ file, stage, action }) => readLog(file, { stage, action })))).flat();
  for (const line of known.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) yield line;
  if (!logs.follow || !logs.isRunning()) return void (await updates.return(undefined));
  const seen = new Set(known.map(({ stage, action, at, text }) => `${stage}\0${action}\0${at}\0${text}`));
  for await (const update of updates) {
    if (update.type === "state") {
      if (update.state.status !== "in-progress") return;
      continue;
    }
    const { stage, action, at, text } = update;
    const wanted = logs.files.some((file) => file.stage === stage && file.action === action);
    if (wanted && !seen.has(`${stage}\0${action}\0${at}\0${text}`)) yield { stage, action, at, text };
  }
}
