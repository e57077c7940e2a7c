import { request, type IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EngineError } from "../../engine/engine.ts";
import { readBody, toEngineError } from "../../engine/engine-transport.ts";

/** Calls of the Engine API that carry streams, which the control plane's other calls never do. */
export interface EngineWire {
  /** Makes a container whose standard input and output can be taken. Gives its id. */
  create(name: string, body: object): Promise<string>;
  /** Unpacks a tar archive below `/`. */
  putArchive(id: string, archive: Readable): Promise<void>;
  /** The container's standard input and output as one raw stream, before it is started. */
  attach(id: string): Promise<Duplex>;
}

const apiVersion = "v1.41";

/** Streams over the engine's unix socket. */
export function createEngineWire(socketPath: string): EngineWire {
  return {
    async create(name, body) {
      const text = JSON.stringify(body);
      const answer = await send(socketPath, { method: "POST", path: `/containers/create?name=${encodeURIComponent(name)}` }, (outgoing) => {
        outgoing.setHeader("content-type", "application/json");
        outgoing.end(text);
      });
      const value: unknown = JSON.parse(await readBody(answer));
      if (typeof value === "object" && value !== null && "Id" in value && typeof value.Id === "string") return value.Id;
      throw new EngineError(0, "The Docker engine made a container without an id.");
    },
    async putArchive(id, archive) {
      const answer = await send(socketPath, { method: "PUT", path: `/containers/${id}/archive?path=%2F` }, (outgoing) => {
        outgoing.setHeader("content-type", "application/x-tar");
        void pipeline(archive, outgoing).catch((error: unknown) =>
          outgoing.destroy(error instanceof Error ? error : new Error(String(error))),
        );
      });
      answer.resume();
    },
    attach: (id) =>
      new Promise((resolve, reject) => {
        const outgoing = request({
          socketPath,
          method: "POST",
          path: `/${apiVersion}/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`,
          headers: { host: "engine", connection: "Upgrade", upgrade: "tcp" },
        });
        outgoing.on("upgrade", (_answer, socket, head) => {
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
        });
        outgoing.on(
          "response",
          (answer) => void toEngineError({ method: "POST", path: "/containers/attach" }, answer).then(reject, reject),
        );
        outgoing.on("error", (error) => reject(unreachable(socketPath, error)));
        outgoing.end();
      }),
  };
}

interface WireCall {
  readonly method: "POST" | "PUT";
  readonly path: string;
}

async function send(socketPath: string, call: WireCall, write: (outgoing: ReturnType<typeof request>) => void): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ socketPath, method: call.method, path: `/${apiVersion}${call.path}`, headers: { host: "engine" } }, resolve);
    outgoing.on("error", (error) => reject(unreachable(socketPath, error)));
    write(outgoing);
  });
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 299) throw await toEngineError(call, answer);
  return answer;
}

const unreachable = (socketPath: string, error: Error): EngineError =>
  new EngineError(0, `The Docker engine does not answer at ${socketPath}: ${error.message}`, { cause: error });

/** Splits the engine's frames of an attached container without a terminal: what it writes to its standard output and error. */
export function splitOutput(
  stream: Readable,
  sinks: { readonly out: (chunk: Buffer) => void; readonly err: (chunk: Buffer) => void; readonly end: () => void },
): void {
  let rest: Buffer = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let offset = 0;
    while (rest.length - offset >= 8) {
      const end = offset + 8 + rest.readUInt32BE(offset + 4);
      if (rest.length < end) break;
      const payload = rest.subarray(offset + 8, end);
      if (rest.readUInt8(offset) === 2) sinks.err(payload);
      else sinks.out(payload);
      offset = end;
    }
    if (offset > 0) rest = Buffer.from(rest.subarray(offset));
  });
  stream.on("end", sinks.end);
  stream.on("error", sinks.end);
  stream.on("close", sinks.end);
}
