import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ExecutionStore, PipelineKey } from "./execution-store.ts";

/** How much of the past a pipeline keeps. */
export interface PruneLimits {
  /** Milliseconds for which an ended execution keeps its source and artifacts. */
  readonly artifactAge: number;
  /** Bytes that the sources and artifacts of ended executions may take; the newest keep theirs. */
  readonly artifactBytes: number;
  /** Ended executions that are remembered at all. */
  readonly executions: number;
}

/** A week and a gigabyte of artifacts, a hundred executions. */
export const defaultPruneLimits: PruneLimits = { artifactAge: 7 * 24 * 60 * 60_000, artifactBytes: 1024 ** 3, executions: 100 };

/** An ended execution. */
export interface EndedExecution {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly bytes: number;
}

/** What is to be removed: whole executions, and the artifacts of others. The newest ended execution keeps everything, for a retry. */
export function choosePruned(
  ended: readonly EndedExecution[],
  now: number,
  limits: PruneLimits,
): { readonly executions: readonly number[]; readonly artifacts: readonly number[] } {
  const newestFirst = ended.toSorted((a, b) => b.number - a.number);
  const executions = newestFirst.slice(Math.max(1, limits.executions)).map(({ number }) => number);
  let bytes = newestFirst[0]?.bytes ?? 0;
  const artifacts: number[] = [];
  for (const execution of newestFirst.slice(1, Math.max(1, limits.executions))) {
    bytes += execution.bytes;
    if (execution.bytes > 0 && (bytes > limits.artifactBytes || now - execution.endedAt > limits.artifactAge))
      artifacts.push(execution.number);
  }
  return { executions, artifacts };
}

/** Removes what {@link choosePruned} chooses. */
export async function prunePipeline(store: ExecutionStore, key: PipelineKey, now: number, limits: PruneLimits): Promise<void> {
  const ended: EndedExecution[] = [];
  for (const number of await store.executionNumbers(key)) {
    const state = await store.readExecution(key, number);
    if (state === undefined || state.status === "in-progress") continue;
    const bytes = await folderBytes(join(store.executionFolder(key, number), "artifacts"));
    ended.push({ number, endedAt: Date.parse(state.updatedAt), bytes });
  }
  const chosen = choosePruned(ended, now, limits);
  for (const number of chosen.executions) await store.deleteExecution(key, number);
  for (const number of chosen.artifacts) await rm(join(store.executionFolder(key, number), "artifacts"), { recursive: true, force: true });
}

async function folderBytes(folder: string): Promise<number> {
  const names: readonly string[] = await readdir(folder).catch((): string[] => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
