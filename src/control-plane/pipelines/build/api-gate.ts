import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";

/** The control plane's own API as a build of an application sees it. */
export interface ApiGateOptions {
  readonly application: string;
  readonly token: string;
  /** Answers a call that carries the token. */
  readonly fetch: (request: Request) => Promise<Response> | Response;
}

/** Why a call of a build is refused; `undefined` when it is not. A build sees its own application, and cannot approve its own release. */
export function apiRefusal(method: string, path: string, application: string): string | undefined {
  const own = `/v1/applications/${encodeURIComponent(application)}`;
  if (["/v1/health", "/v1/info", "/v1/images/present"].includes(path) || path.startsWith("/v1/artifacts/")) return undefined;
  if (path === "/v1/applications" && method === "GET") return undefined;
  if (path !== own && !path.startsWith(`${own}/`)) return "a build reaches its own application only";
  if (method !== "GET" && path.startsWith(`${own}/pipelines`)) return "a build cannot change pipelines, nor approve what they wait for";
  if (method === "DELETE" && path.split("/").length <= 6) return "a build cannot delete an application or an environment";
  return undefined;
}

/** A server for connections that come from a build, handed over with `server.emit("connection", stream)`; it listens nowhere. */
export function createApiGate({ application, token, fetch }: ApiGateOptions): Server {
  const listener = getRequestListener(async (request) => {
    const url = new URL(request.url);
    const refusal = apiRefusal(request.method, url.pathname, application);
    if (refusal !== undefined)
      return Response.json({ code: "build-refused", message: `The call was refused: ${refusal}` }, { status: 403 });
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${token}`);
    const hasBody = request.method !== "GET" && request.method !== "HEAD";
    const forwarded = new Request(url, {
      method: request.method,
      headers,
      ...(hasBody ? { body: request.body, duplex: "half" } : {}),
      signal: request.signal,
    });
    const answer = await fetch(forwarded);
    return url.pathname === "/v1/applications" ? onlyOwn(answer, application) : answer;
  });
  return createServer((incoming, outgoing) => void listener(incoming, outgoing));
}

async function onlyOwn(answer: Response, application: string): Promise<Response> {
  const all: unknown = await answer.json();
  const isOwn = (entry: unknown): boolean => typeof entry === "object" && entry !== null && "name" in entry && entry.name === application;
  return Response.json(Array.isArray(all) ? all.filter(isOwn) : []);
}
