import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Problem } from "../../model/problem.ts";
import { toErrorBody } from "../deployments/error-body.ts";
import type { Work } from "../deployments/work.ts";

/** HTTP statuses of problems that are not the request's fault. */
const statuses: Readonly<Record<string, ContentfulStatusCode>> = {
  "not-found": 404,
  "application-not-found": 404,
  "environment-not-found": 404,
  "workload-not-found": 404,
  "secret-not-found": 404,
  "artifact-not-found": 404,
  "pipeline-not-found": 404,
  "execution-not-found": 404,
  "action-not-found": 404,
  "being-deleted": 409,
  "environment-not-empty": 409,
  "route-taken": 409,
  unauthorized: 401,
  "engine-unreachable": 503,
  "disk-full": 507,
  "engine-refused": 502,
  internal: 500,
};

/** An error as an answer; defects are told to `warn` with their stack, and to the client by their message only. */
export function errorAnswer(context: Context, error: unknown, warn: (message: string) => void): Response {
  const body = toErrorBody(error);
  if (body.code === "internal") warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return context.json(body, statuses[body.code] ?? 400);
}

/** Events as NDJSON, one a line, as they come. A client that goes away ends the stream only. */
export function streamAnswer(events: (signal: AbortSignal) => AsyncIterable<unknown>): Response {
  const closing = new AbortController();
  const encoder = new TextEncoder();
  let iterator: AsyncIterator<unknown> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start() {
      iterator = events(closing.signal)[Symbol.asyncIterator]();
    },
    async pull(controller) {
      const next = await iterator?.next();
      if (!next || next.done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
    },
    async cancel() {
      closing.abort();
      await iterator?.return?.();
    },
  });
  return new Response(body, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

/** What a piece of work tells, as NDJSON. */
export const workAnswer = (work: Work): Response => streamAnswer((signal) => work.listen(signal));

/** The value, or a Problem that says what is not there. */
export function found<T>(value: T | undefined, what: { readonly code: string; readonly message: string; readonly hint?: string }): T {
  if (value !== undefined) return value;
  throw new Problem(what.code, what.message, what.hint === undefined ? {} : { hint: what.hint });
}
