import type { LogLine } from "../../targets/docker/protocol.ts";
import type { Engine } from "../engine/engine.ts";
import type { WorkloadKey } from "../object-names.ts";
import type { SecretSource } from "../secrets/secret-source.ts";
import { taskCondition } from "../tasks/task-condition.ts";
import type { Task, TaskMember } from "../tasks/task.ts";
import type { TaskTable } from "../tasks/task-table.ts";
import { mergeStreams } from "./merge-streams.ts";

/** Which lines of a workload's containers. Times are ISO 8601. */
export interface LogRequest {
  readonly follow: boolean;
  /** The last stopped task instead of those that run. */
  readonly previous: boolean;
  /** Ids or their beginnings; empty means all. */
  readonly tasks: readonly string[];
  readonly container?: string;
  readonly since?: string;
  readonly until?: string;
  /** The last so many lines of what was written before the call. */
  readonly limit?: number;
}

/** Reads what containers wrote, secrets masked. */
export interface LogReader {
  /** What was written, in order of time; with `follow` what is written from then on too, by new tasks as well. */
  read(key: WorkloadKey, request: LogRequest, signal: AbortSignal): AsyncIterable<LogLine>;
}

/** What logs are read with. */
export interface LogReaderParts {
  readonly engine: Engine;
  readonly table: TaskTable;
  readonly secrets: SecretSource;
}

interface LogSource {
  readonly task: string;
  readonly member: TaskMember;
}

/** A reader that asks the engine. */
export function createLogReader(parts: LogReaderParts): LogReader {
  return {
    async *read(key, request, signal) {
      const asked = new Date().toISOString();
      const sources = chosenSources(parts.table.tasksOf(key), request);
      yield* await readPast(parts, key, { sources, request, asked });
      if (request.follow) yield* follow(parts, key, { request, asked, signal });
    },
  };
}

function chosenSources(tasks: readonly Task[], request: LogRequest): readonly LogSource[] {
  const chosen = tasks.filter((task) => request.tasks.length === 0 || request.tasks.some((id) => task.id.startsWith(id)));
  const ended = chosen.filter((task) => taskCondition(task).kind === "ended").toSorted((a, b) => endOf(b).localeCompare(endOf(a)));
  const of = request.previous ? ended.slice(0, 1) : chosen;
  return of.flatMap((task) =>
    task.members
      .filter((member) => request.container === undefined || member.name === request.container)
      .map((member) => ({ task: task.id, member })),
  );
}

function endOf(task: Task): string {
  return (
    task.members
      .map(({ container }) => container.finishedAt ?? "")
      .toSorted()
      .at(-1) ?? ""
  );
}

async function readPast(
  parts: LogReaderParts,
  key: WorkloadKey,
  { sources, request, asked }: { readonly sources: readonly LogSource[]; readonly request: LogRequest; readonly asked: string },
): Promise<readonly LogLine[]> {
  const lists = await Promise.all(
    sources.map(async ({ task, member }) => {
      const lines: LogLine[] = [];
      const query = {
        ...(request.since ? { since: request.since } : {}),
        until: request.until ?? asked,
        ...(request.limit === undefined ? {} : { tail: request.limit }),
      };
      for await (const line of parts.engine.containerLogs(member.container.id, query)) {
        lines.push({ ...line, message: parts.secrets.mask(key, line.message), workload: key.workload, task, container: member.name });
      }
      return lines;
    }),
  );
  const lines = lists.flat().toSorted((a, b) => a.at.localeCompare(b.at));
  return request.limit === undefined ? lines : lines.slice(-request.limit);
}

async function* follow(
  parts: LogReaderParts,
  key: WorkloadKey,
  { request, asked, signal }: { readonly request: LogRequest; readonly asked: string; readonly signal: AbortSignal },
): AsyncGenerator<LogLine> {
  const merged = mergeStreams<LogLine>(signal);
  const known = new Set<string>();
  const addNew = (): void => {
    for (const { task, member } of chosenSources(parts.table.tasksOf(key), { ...request, previous: false })) {
      const { id, state } = member.container;
      if (known.has(id) || state === "created") continue;
      known.add(id);
      merged.add(followOne(parts, key, { task, member, since: asked, signal }));
    }
  };
  const stop = parts.table.onChange(addNew);
  try {
    addNew();
    yield* merged.values();
  } finally {
    stop();
  }
}

async function* followOne(
  parts: LogReaderParts,
  key: WorkloadKey,
  source: LogSource & { readonly since: string; readonly signal: AbortSignal },
): AsyncGenerator<LogLine> {
  const { task, member, since, signal } = source;
  for await (const line of parts.engine.containerLogs(member.container.id, { follow: true, since, signal })) {
    yield { ...line, message: parts.secrets.mask(key, line.message), workload: key.workload, task, container: member.name };
  }
}
