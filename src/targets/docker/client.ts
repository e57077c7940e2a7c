import { Agent, request, type IncomingMessage } from "node:http";
import { Problem } from "../../model/problem.ts";
import type { ErrorBody } from "./protocol.ts";

/** Where a control plane answers on this machine's loopback, and what it wants to see first. */
export interface ControlPlaneAddress {
  readonly port: number;
  readonly token: string;
  /** A unix socket that leads to it instead of the port, as builds have one. */
  readonly socketPath?: string;
}

/** What a call carries besides its path. */
export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Milliseconds without a word after which the call is given up. */
  readonly patience?: number;
}

type Method = "GET" | "PUT" | "POST" | "DELETE" | "HEAD";

/** Calls of the control plane's API. Both ends are of one build, so an answer has the type that the protocol says. */
export interface ControlPlaneClient {
  readonly address: ControlPlaneAddress;
  /** The answer's body; rejects with the control plane's Problem when it refuses. */
  call<T>(method: Method, path: string, options?: CallOptions): Promise<T>;
  /** As `call`, with `undefined` for what does not exist. */
  find<T>(path: string): Promise<T | undefined>;
  /** Whether there is something at the path. */
  exists(path: string): Promise<boolean>;
  /** Each line of a streamed answer. Ending the iteration ends the stream and nothing else. */
  stream<T>(method: Method, path: string, options?: CallOptions): AsyncGenerator<T, void, undefined>;
  /** Sends bytes as they come. */
  upload(path: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Lets go of idle connections. */
  close(): void;
}

/** Writes a path of the API; each part is escaped. */
export const apiPath = (...parts: readonly string[]): string => `/v1/${parts.map(encodeURIComponent).join("/")}`;

async function readText(answer: IncomingMessage): Promise<string> {
  let text = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) text += String(chunk);
  return text;
}

const isErrorBody = (value: unknown): value is ErrorBody =>
  typeof value === "object" &&
  value !== null &&
  "code" in value &&
  typeof value.code === "string" &&
  "message" in value &&
  typeof value.message === "string";

/** The Problem that an answer's body describes. */
export function toProblem(body: unknown, status: number): Problem {
  if (isErrorBody(body)) return new Problem(body.code, body.message, body.hint === undefined ? {} : { hint: body.hint });
  if (status === 401 || status === 403)
    return new Problem("control-plane-refused", "The control plane refuses this call: the token is not its own", {
      hint: "copilot env ls",
    });
  return new Problem("control-plane-answer", `The control plane did not answer as expected: status ${status}`);
}

async function refusal(answer: IncomingMessage): Promise<Problem> {
  const text = await readText(answer);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return toProblem(body, answer.statusCode ?? 0);
}

const succeeded = (answer: IncomingMessage): boolean => Math.floor((answer.statusCode ?? 0) / 100) === 2;

/** The lines of a body as values. */
async function* readValues<T>(answer: IncomingMessage): AsyncGenerator<T, void, undefined> {
  answer.setEncoding("utf8");
  let rest = "";
  for await (const chunk of answer) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") continue;
      const value: T = JSON.parse(line);
      yield value;
    }
  }
  if (rest !== "") {
    const value: T = JSON.parse(rest);
    yield value;
  }
}

const lost = (error: Error): Problem =>
  new Problem("control-plane-unreachable", `The control plane cannot be reached: ${error.message}`, {
    hint: "The work goes on without this command; run it again to see how it went.",
    cause: error,
  });

interface OutgoingCall extends CallOptions {
  readonly method: Method;
  readonly path: string;
  readonly content?: AsyncIterable<Uint8Array>;
}

function send({ port, token, socketPath }: ControlPlaneAddress, agent: Agent, outgoing: OutgoingCall): Promise<IncomingMessage> {
  const { method, path, signal, patience, content } = outgoing;
  const body = outgoing.body === undefined ? undefined : JSON.stringify(outgoing.body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    ...(content === undefined ? {} : { "content-type": "application/x-tar" }),
  };
  const place = socketPath === undefined ? { host: "127.0.0.1", port } : { socketPath };
  return new Promise((resolve, reject) => {
    const call = request({ ...place, agent, method, path, headers, ...(signal === undefined ? {} : { signal }) }, resolve);
    if (patience !== undefined) call.setTimeout(patience, () => call.destroy(new Error("no answer in time")));
    call.on("error", (error) => reject(signal?.aborted === true ? signal.reason : lost(error)));
    if (content === undefined) call.end(body);
    else void pump(content, call).catch((error: unknown) => call.destroy(error instanceof Error ? error : new Error(String(error))));
  });
}

/** A client of the control plane at the address. Loads nothing but Node's own HTTP, since every command pays for it. */
export function controlPlaneClient(address: ControlPlaneAddress): ControlPlaneClient {
  const agent = new Agent({ keepAlive: true });

  return {
    address,
    async call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
      const answer = await send(address, agent, { ...options, method, path });
      if (!succeeded(answer)) throw await refusal(answer);
      const text = await readText(answer);
      const value: T = text === "" ? undefined : JSON.parse(text);
      return value;
    },
    async find<T>(path: string): Promise<T | undefined> {
      const answer = await send(address, agent, { method: "GET", path });
      if (answer.statusCode === 404) {
        await readText(answer);
        return undefined;
      }
      if (!succeeded(answer)) throw await refusal(answer);
      const value: T = JSON.parse(await readText(answer));
      return value;
    },
    async exists(path) {
      const answer = await send(address, agent, { method: "HEAD", path });
      answer.resume();
      if (!succeeded(answer) && answer.statusCode !== 404) throw toProblem(undefined, answer.statusCode ?? 0);
      return succeeded(answer);
    },
    async *stream<T>(method: Method, path: string, options: CallOptions = {}): AsyncGenerator<T, void, undefined> {
      const answer = await send(address, agent, { ...options, method, path });
      if (!succeeded(answer)) throw await refusal(answer);
      try {
        yield* readValues<T>(answer);
      } catch (error) {
        if (options.signal?.aborted === true) throw options.signal.reason;
        throw error instanceof Error && "code" in error ? lost(error) : error;
      } finally {
        answer.destroy();
      }
    },
    async upload(path, content) {
      const answer = await send(address, agent, { method: "PUT", path, content });
      if (!succeeded(answer)) throw await refusal(answer);
      await readText(answer);
    },
    close: () => agent.destroy(),
  };
}

async function pump(content: AsyncIterable<Uint8Array>, call: ReturnType<typeof request>): Promise<void> {
  const { pipeline } = await import("node:stream/promises");
  await pipeline(content, call);
}
