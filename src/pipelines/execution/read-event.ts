import type { ExecutionEvent } from "./event.ts";

const types: ReadonlySet<string> = new Set<ExecutionEvent["type"]>([
  "execution-started",
  "stage-entered",
  "action-started",
  "action-succeeded",
  "action-failed",
  "stage-ended",
  "rollback-started",
  "rollback-ended",
  "stop-requested",
  "retry-requested",
  "execution-superseded",
]);

/** Whether a line of a journal is an event; journals are written by this program only, so its type says the rest. */
export const isExecutionEvent = (value: unknown): value is ExecutionEvent =>
  typeof value === "object" &&
  value !== null &&
  "type" in value &&
  typeof value.type === "string" &&
  types.has(value.type) &&
  "at" in value;
