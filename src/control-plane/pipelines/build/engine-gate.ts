import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import {
  checkContainer,
  checkNetwork,
  checkVolume,
  gateRule,
  withLabel,
  type GateRule,
  type GateScope,
  type GatedCall,
} from "./gate-rules.ts";

/** Label of everything that a build makes on the engine. */
export const buildLabel = "copilot.build";

/** What the gate stands in front of, and for whom. */
export interface EngineGateOptions {
  readonly socketPath: string;
  /** Names the build. */
  readonly build: string;
  readonly scope: GateScope;
}

/** A call, with the version of the API that it asked for. */
interface GateCall extends GatedCall {
  readonly version: string;
}

/**
 * An engine as a build sees it: it builds, runs and pushes, and finds only its own containers, volumes and networks. Hand it connections
 * with `server.emit("connection", stream)`; it listens nowhere.
 */
export function createEngineGate(options: EngineGateOptions): Server {
  const gate = new EngineGate(options);
  const server = createServer((incoming, answer) => void gate.answer(incoming, answer));
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void gate.upgrade(incoming, socket, head));
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

class EngineGate {
  readonly #options: EngineGateOptions;
  readonly #execs = new Set<string>();

  constructor(options: EngineGateOptions) {
    this.#options = options;
  }

  async answer(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const call = readCall(incoming);
    const rule = gateRule(call, this.#options.scope);
    try {
      const body = needsBody(rule, call) ? await readJson(incoming) : undefined;
      const refusal = await this.#check(rule, body);
      if (refusal !== undefined) return refuse(answer, refusal);
      if (rule.kind === "own-list") this.#addFilter(call);
      this.#forward(incoming, answer, {
        call,
        ...(rule.kind === "create" ? { body: withLabel(body, buildLabel, this.#options.build) } : body === undefined ? {} : { body }),
      });
    } catch (error) {
      refuse(answer, error instanceof Error ? error.message : String(error));
    }
  }

  async upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const call = readCall(incoming);
    const rule = gateRule(call, this.#options.scope);
    const refusal = await this.#check(rule, undefined).catch((error: unknown) => String(error));
    socket.on("error", () => undefined);
    if (refusal !== undefined) {
      const text = JSON.stringify({ message: refusal });
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      return;
    }
    const engine = connect(this.#options.socketPath, () => {
      const headers = incoming.rawHeaders.flatMap((value, index) =>
        index % 2 === 0 ? [`${value}: ${incoming.rawHeaders[index + 1] ?? ""}\r\n`] : [],
      );
      engine.write(`${call.method} ${target(call)} HTTP/1.1\r\n${headers.join("")}\r\n`);
      if (head.length > 0) engine.write(head);
      socket.pipe(engine).pipe(socket);
    });
    engine.on("error", () => socket.destroy());
    socket.on("close", () => engine.destroy());
    engine.on("close", () => socket.destroy());
  }

  /** Why a call is refused; `undefined` when it is not. */
  async #check(rule: GateRule, body: unknown): Promise<string | undefined> {
    switch (rule.kind) {
      case "allow":
      case "own-list":
        return undefined;
      case "refuse":
        return rule.why;
      case "own":
        return (await this.#isOwn(rule.object, rule.name)) ? undefined : `No such ${rule.object.slice(0, -1)} of this build: ${rule.name}`;
      case "own-exec":
        return this.#execs.has(rule.name) ? undefined : `No such exec of this build: ${rule.name}`;
      case "connect":
        return this.#checkConnection(rule.network, body);
      case "create":
        return this.#checkCreation(rule.object, body);
    }
  }

  async #checkConnection(network: string, body: unknown): Promise<string | undefined> {
    const container = typeof body === "object" && body !== null && "Container" in body ? String(body.Container) : "";
    if (!(await this.#isOwn("containers", container))) return `No such container of this build: ${container}`;
    const mayJoin = this.#options.scope.networks.includes(network) || (await this.#isOwn("networks", network));
    return mayJoin ? undefined : `No such network of this build: ${network}`;
  }

  async #checkCreation(object: "containers" | "volumes" | "networks", body: unknown): Promise<string | undefined> {
    if (object === "volumes") return checkVolume(body);
    if (object === "networks") return checkNetwork(body);
    const check = checkContainer(body, this.#options.scope);
    if (check.kind === "refuse") return check.why;
    const needed = [
      ...check.ownContainers.map((name) => ["containers", name] as const),
      ...check.ownNetworks.map((name) => ["networks", name] as const),
    ];
    for (const [kind, name] of needed) if (!(await this.#isOwn(kind, name))) return `No such ${kind.slice(0, -1)} of this build: ${name}`;
    for (const name of check.ownVolumes) {
      const labels = await this.#labels("volumes", name);
      if (labels !== undefined && labels[buildLabel] !== this.#options.build) return `The volume ${name} is not of this build`;
    }
    return undefined;
  }

  async #isOwn(object: "containers" | "volumes" | "networks", name: string): Promise<boolean> {
    return name !== "" && (await this.#labels(object, name))?.[buildLabel] === this.#options.build;
  }

  async #labels(object: "containers" | "volumes" | "networks", name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const path = `/${object}/${encodeURIComponent(decodeURIComponent(name))}${object === "containers" ? "/json" : ""}`;
    const found = await new Promise<unknown>((resolve, reject) => {
      const call = request({ socketPath: this.#options.socketPath, path, headers: { host: "engine" } }, (answer) => {
        if (answer.statusCode === 200) readJson(answer).then(resolve, reject);
        else resolve(undefined);
        if (answer.statusCode !== 200) answer.resume();
      });
      call.on("error", reject);
      call.end();
    });
    return labelsIn(object === "containers" ? field(found, "Config") : found);
  }

  #addFilter({ query }: GateCall): void {
    const given: unknown = JSON.parse(query.get("filters") ?? "{}");
    const before = field(given, "label");
    const labels = Array.isArray(before) ? before.map(String) : typeof before === "object" && before !== null ? Object.keys(before) : [];
    query.set(
      "filters",
      JSON.stringify({ ...(typeof given === "object" ? given : {}), label: [...labels, `${buildLabel}=${this.#options.build}`] }),
    );
  }

  #forward(incoming: IncomingMessage, answer: ServerResponse, { call, body }: { readonly call: GateCall; readonly body?: unknown }): void {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...incoming.headers, ...(text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) }) };
    if (text !== undefined) delete headers["transfer-encoding"];
    const outgoing = request({ socketPath: this.#options.socketPath, method: call.method, path: target(call), headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      // Clients wait for the head of an answer whose body comes much later, such as that of `wait`.
      answer.flushHeaders();
      if (/^\/containers\/[^/]+\/exec$/.test(call.path)) this.#rememberExec(reply);
      reply.pipe(answer);
    });
    outgoing.on("error", (error) => refuse(answer, error.message, 502));
    answer.on("close", () => outgoing.destroy());
    if (text === undefined) incoming.pipe(outgoing);
    else outgoing.end(text);
  }

  #rememberExec(reply: IncomingMessage): void {
    const chunks: Buffer[] = [];
    reply.on("data", (chunk: Buffer) => chunks.push(chunk));
    reply.on("end", () => {
      const id = /"Id"\s*:\s*"([0-9a-f]+)"/.exec(Buffer.concat(chunks).toString("utf8"))?.[1];
      if (id !== undefined) this.#execs.add(id);
    });
  }
}

function readCall(incoming: IncomingMessage): GateCall {
  const [whole = "/", search = ""] = (incoming.url ?? "/").split("?");
  const match = /^(?<version>\/v[0-9.]+)?(?<path>\/.*)$/.exec(whole);
  const path = (match?.groups?.["path"] ?? "/").replace(/\/{2,}/g, "/");
  return { method: incoming.method ?? "GET", path, version: match?.groups?.["version"] ?? "", query: new URLSearchParams(search) };
}

const target = ({ version, path, query }: GateCall): string => `${version}${path}${query.size > 0 ? `?${query.toString()}` : ""}`;

const needsBody = (rule: GateRule, call: GateCall): boolean =>
  rule.kind === "create" || (rule.kind === "connect" && call.method === "POST");

async function readJson(stream: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
}

function refuse(answer: ServerResponse, message: string, status = 403): void {
  if (answer.headersSent) return void answer.destroy();
  answer.writeHead(status, { "content-type": "application/json" });
  answer.end(JSON.stringify({ message }));
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

function labelsIn(value: unknown): Readonly<Record<string, unknown>> {
  const labels = field(value, "Labels");
  return typeof labels === "object" && labels !== null ? Object.fromEntries(Object.entries(labels)) : {};
}
