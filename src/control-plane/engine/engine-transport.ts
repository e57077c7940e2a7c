import { request, type Agent, type IncomingMessage } from "node:http";
import { EngineError } from "./engine.ts";

/** One call of the Engine API. */
export interface EngineCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** Without the API version, with its query, e.g. `/containers/json?all=1`. */
  readonly path: string;
  /** Sent as JSON, or as it is when it is bytes. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Where the engine listens, and the version of its API to speak. */
export interface EngineEndpoint {
  /** A unix socket, or a named pipe. */
  readonly socketPath: string;
  readonly apiVersion: string;
  readonly agent: Agent;
}

/** Sends one call and gives the answer whatever its status; rejects with an EngineError of status 0 when nobody answers. */
export function send(endpoint: EngineEndpoint, call: EngineCall): Promise<IncomingMessage> {
  const payload = toPayload(call.body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: endpoint.socketPath,
        agent: endpoint.agent,
        method: call.method,
        path: `/v${endpoint.apiVersion}${call.path}`,
        ...(call.signal ? { signal: call.signal } : {}),
        headers: {
          host: "engine",
          ...(payload ? { "content-type": payload.type, "content-length": payload.bytes.length } : {}),
        },
      },
      resolve,
    );
    outgoing.on("error", (error) => {
      if (call.signal?.aborted) reject(error);
      else reject(new EngineError(0, `The Docker engine does not answer at ${endpoint.socketPath}: ${error.message}`, { cause: error }));
    });
    outgoing.end(payload?.bytes);
  });
}

function toPayload(body: unknown): { readonly type: string; readonly bytes: Uint8Array } | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return { type: "application/x-tar", bytes: body };
  return { type: "application/json", bytes: Buffer.from(JSON.stringify(body)) };
}

/** The whole body as text. */
export async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** The engine's refusal as an error. */
export async function toEngineError(call: EngineCall, answer: IncomingMessage): Promise<EngineError> {
  const text = await readBody(answer);
  const status = answer.statusCode ?? 0;
  return new EngineError(status, refusalMessage(text) ?? `The Docker engine answered ${status} to ${call.method} ${call.path}.`);
}

function refusalMessage(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "message" in value && typeof value.message === "string") return value.message;
  } catch {
    return text.trim() === "" ? undefined : text.trim();
  }
  return undefined;
}

/** The lines of a streamed body, as they come. */
export async function* readLines(answer: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) {
    rest += String(chunk);
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield line;
  }
  if (rest.trim() !== "") yield rest;
}
