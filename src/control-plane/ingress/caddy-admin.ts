import { request } from "node:http";

/** What a container of the ingress refused or could not be told. */
export class CaddyError extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "CaddyError";
  }
}

/** The only host name that a call may give: no web page can make one. */
export const adminHost = "copilot.ingress";
/** Milliseconds for one call. */
const patience = 15_000;

function call(socketPath: string, method: "GET" | "POST", path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(new CaddyError(`The ingress does not answer: ${cause.message}`, { cause }));
    const outgoing = request(
      {
        socketPath,
        method,
        path,
        headers: {
          host: adminHost,
          ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        },
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => (text += chunk));
        answer.on("error", fail);
        answer.on("end", () => {
          if (answer.statusCode === 200) resolve(text);
          else reject(new CaddyError(`The ingress refused ${path}: ${text.trim() || `status ${answer.statusCode}`}`));
        });
      },
    );
    outgoing.setTimeout(patience, () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

/** Puts a complete configuration in place. Requests under way go on with the one before. */
export async function loadConfig(socketPath: string, config: string): Promise<void> {
  await call(socketPath, "POST", "/load", config);
}

/** Whether the container answers. */
export async function isReady(socketPath: string): Promise<boolean> {
  return call(socketPath, "GET", "/config/admin").then(
    () => true,
    () => false,
  );
}

/** Requests under way by `address:port` of the task that has them. */
export async function readActiveRequests(socketPath: string): Promise<ReadonlyMap<string, number>> {
  const value: unknown = JSON.parse(await call(socketPath, "GET", "/reverse_proxy/upstreams"));
  const active = new Map<string, number>();
  for (const entry of Array.isArray(value) ? value : []) {
    const upstream: unknown = entry;
    if (typeof upstream !== "object" || upstream === null || !("address" in upstream) || !("num_requests" in upstream)) continue;
    const { address, num_requests: requests } = upstream;
    if (typeof address === "string" && typeof requests === "number") active.set(address, (active.get(address) ?? 0) + requests);
  }
  return active;
}
