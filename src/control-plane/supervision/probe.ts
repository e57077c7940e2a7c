import { request as requestHttp } from "node:http";
import { connect as connectHttp2, constants } from "node:http2";
import { request as requestHttps } from "node:https";
import { connect } from "node:net";

/** A request that tells whether a task is well. */
export interface HttpProbe {
  readonly path: string;
  readonly port: number;
  /** HTTP statuses, or gRPC ones for `grpc`: `200`, `200,301`, `200-299`. */
  readonly successCodes: string;
  readonly https: boolean;
  readonly version: "http1" | "http2" | "grpc";
}

/** Why the check failed; `undefined` when it passed. */
export type Refusal = string | undefined;

/** Asks a task once. Never rejects. */
export async function probeHttp(address: string, probe: HttpProbe, timeoutSeconds: number): Promise<Refusal> {
  const at = `${probe.https ? "https" : "http"}://${address}:${probe.port}${probe.path}`;
  try {
    const code = await (probe.version === "http1" || probe.https ? askHttp1 : askHttp2)(address, probe, timeoutSeconds * 1000);
    return isSuccess(probe.successCodes, code) ? undefined : `GET ${at} answered ${code}, expected ${probe.successCodes}`;
  } catch (error) {
    return `GET ${at}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whether a status is among codes such as `200-299,404`. */
export function isSuccess(codes: string, code: number): boolean {
  return codes.split(",").some((part) => {
    const [from = "", to = from] = part.split("-").map((text) => text.trim());
    return code >= Number(from) && code <= Number(to);
  });
}

const agentName = "copilot-health-check";

function askHttp1(address: string, probe: HttpProbe, timeout: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const ask = probe.https ? requestHttps : requestHttp;
    const outgoing = ask(
      // A task's certificate names no address, so it is not looked at, as a load balancer does not.
      {
        host: address,
        port: probe.port,
        path: probe.path,
        timeout,
        agent: false,
        rejectUnauthorized: false,
        headers: { "user-agent": agentName },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** Asks over HTTP/2 without TLS; for gRPC the answer is the `grpc-status`. */
function askHttp2(address: string, probe: HttpProbe, timeout: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://${address}:${probe.port}`);
    const fail = (error: Error): void => {
      session.destroy();
      reject(error);
    };
    session.on("error", fail);
    session.setTimeout(timeout, () => fail(new Error(`no answer within ${timeout / 1000} s`)));
    const isGrpc = probe.version === "grpc";
    const stream = session.request({
      [constants.HTTP2_HEADER_PATH]: probe.path,
      [constants.HTTP2_HEADER_METHOD]: isGrpc ? "POST" : "GET",
      "user-agent": agentName,
      ...(isGrpc ? { "content-type": "application/grpc", te: "trailers" } : {}),
    });
    let code = 0;
    stream.on("response", (headers) => {
      code = Number(isGrpc ? (headers["grpc-status"] ?? 0) : headers[":status"]);
    });
    stream.on("trailers", (headers) => {
      if (isGrpc) code = Number(headers["grpc-status"] ?? code);
    });
    stream.on("error", fail);
    stream.on("end", () => {
      session.close();
      resolve(code);
    });
    stream.resume();
    stream.end();
  });
}

/** Whether a port takes connections. Never rejects. */
export function probeTcp(address: string, port: number, timeoutSeconds: number): Promise<Refusal> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: timeoutSeconds * 1000 });
    const end = (refusal: Refusal): void => {
      socket.destroy();
      resolve(refusal);
    };
    socket.on("connect", () => end(undefined));
    socket.on("timeout", () => end(`${address}:${port} did not answer within ${timeoutSeconds} s`));
    socket.on("error", (error) => end(`${address}:${port}: ${error.message}`));
  });
}
