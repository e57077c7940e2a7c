import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { DeploymentEvent } from "../../model/deployment.ts";
import { controlPlaneClient } from "./client.ts";
import { toInstanceNames } from "./instance-names.ts";
import { createDockerSession } from "./session.ts";
import type { WorkloadSpec } from "../../model/workload-spec.ts";

const environment = { application: "shop", name: "test", target: "docker" } as const;
const spec: WorkloadSpec = {
  application: "shop",
  environment: "test",
  name: "guide",
  type: "Static Site",
  manifest: "name: guide\n",
  network: { placement: { kind: "public" }, securityGroups: [], denyDefaultSecurityGroup: false },
  publishes: [],
  site: { files: [] },
};
const outcome: DeploymentEvent = { type: "outcome", outcome: { kind: "deployed", revision: 1, urls: [] } };

interface Asked {
  readonly call: string;
  readonly body: string;
  readonly token: string | undefined;
}

type Answer = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void;

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A control plane that answers as told and keeps what it was asked. */
async function controlPlane(answer: Answer) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const entry = { call: `${request.method} ${request.url}`, body, token: request.headers.authorization };
      asked.push(entry);
      answer(entry, response, request);
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = controlPlaneClient({ port, token: "secret" });
  const info = { protocol: 1, build: "b", instance: "default", engine: { id: "E", version: "20", name: "n" } };
  const session = createDockerSession({ client, info, names: toInstanceNames("default"), close: () => client.close() });
  return { session, client, asked };
}

const collect = async (events: AsyncIterable<DeploymentEvent>): Promise<DeploymentEvent[]> => {
  const all: DeploymentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

const assets = {
  images: {},
  envFiles: {},
  site: {
    sha256: "abc",
    files: 1,
    archive: async function* () {
      yield Buffer.from("tar");
    },
    entries: [],
  },
};
const options = () => ({ user: "me", signal: new AbortController().signal });

describe("a session with a control plane", () => {
  it("shows the token, uploads a site that is not there, and hands on the events", async () => {
    const { session, asked } = await controlPlane(({ call }, response) => {
      if (call.startsWith("HEAD")) response.statusCode = 404;
      else if (call.startsWith("POST")) response.write(`${JSON.stringify(outcome)}\n`);
      else if (call.startsWith("GET")) response.write(JSON.stringify({ name: "shop", target: "docker" }));
      response.end();
    });
    expect(await collect(session.deployWorkload(spec, assets, options()))).toEqual([outcome]);
    expect(asked.map(({ call }) => call).toSorted()).toEqual([
      "GET /v1/applications/shop",
      "HEAD /v1/artifacts/abc",
      "POST /v1/applications/shop/environments/test/workloads/guide/deployments",
      "PUT /v1/artifacts/abc",
    ]);
    expect(asked.find(({ call }) => call.startsWith("PUT"))?.body).toBe("tar");
    expect(asked.every(({ token }) => token === "Bearer secret")).toBe(true);
  });

  it("asks for a cancellation when it is interrupted, and goes on to the outcome", async () => {
    const stop = new AbortController();
    let stream: ServerResponse | undefined;
    const { session } = await controlPlane(({ call }, response) => {
      if (call.startsWith("POST")) {
        stream = response;
        response.write(`${JSON.stringify({ type: "notice", level: "info", message: "begun" })}\n`);
        return;
      }
      if (call.startsWith("DELETE")) stream?.end(`${JSON.stringify({ type: "outcome", outcome: { kind: "cancelled" } })}\n`);
      response.end(call.startsWith("GET") ? "{}" : undefined);
    });
    const seen: DeploymentEvent[] = [];
    for await (const event of session.deployWorkload(spec, assets, { user: "me", signal: stop.signal })) {
      seen.push(event);
      if (event.type === "notice") stop.abort();
    }
    expect(seen.at(-1)).toEqual({ type: "outcome", outcome: { kind: "cancelled" } });
  });

  it("ends when it is interrupted and even a cancellation cannot be asked for", async () => {
    const stop = new AbortController();
    const { session } = await controlPlane(({ call }, response) => {
      if (call.startsWith("POST")) response.write(`${JSON.stringify({ type: "notice", level: "info", message: "begun" })}\n`);
      else if (call.startsWith("DELETE")) response.destroy();
      else response.end(call.startsWith("GET") ? "{}" : undefined);
    });
    const follow = async (): Promise<void> => {
      for await (const _ of session.deployWorkload(spec, assets, { user: "me", signal: stop.signal })) stop.abort(new Error("interrupted"));
    };
    await expect(follow()).rejects.toThrow("interrupted");
  });

  it("leaves the work alone when it is detached", async () => {
    const { session, asked } = await controlPlane(({ call }, response) => {
      if (call.startsWith("POST")) response.write(`${JSON.stringify({ type: "notice", level: "info", message: "begun" })}\n`);
      else response.end(call.startsWith("GET") ? "{}" : undefined);
    });
    expect(await collect(session.deployWorkload(spec, assets, { ...options(), detach: true }))).toHaveLength(1);
    expect(asked.some(({ call }) => call.startsWith("DELETE"))).toBe(false);
  });

  it("throws the Problem that an answer or a stream ends with", async () => {
    const refusal = { code: "environment-not-found", message: "No environment test: it is not registered", hint: "copilot env init" };
    const { session } = await controlPlane(({ call }, response) => {
      if (call.startsWith("DELETE")) response.end(`${JSON.stringify({ type: "error", error: refusal })}\n`);
      else {
        response.statusCode = 404;
        response.end(JSON.stringify(refusal));
      }
    });
    await expect(session.secretNames(environment)).rejects.toMatchObject(refusal);
    await expect(collect(session.deleteWorkload(environment, "api", options().signal))).rejects.toMatchObject(refusal);
  });

  it("has nothing to say about what is not deployed", async () => {
    const { session } = await controlPlane((_, response) => {
      response.statusCode = 404;
      response.end("{}");
    });
    expect(await session.workloadStatus(environment, "api")).toBeUndefined();
    expect(await session.deployedPackage(environment, "api")).toBeUndefined();
  });

  it("says so when nobody answers", async () => {
    const { client } = await controlPlane((_, response) => response.destroy());
    await expect(client.call("GET", "/v1/info")).rejects.toMatchObject({ code: "control-plane-unreachable" });
  });

  it("packages a document as text that is equal for equal documents", async () => {
    const { session } = await controlPlane((_, response) => response.end("{}"));
    const [first, second] = [await session.packageWorkload(spec, assets), await session.packageWorkload(spec, assets)];
    expect(first).toEqual(second);
    expect(first.files[0]).toMatchObject({ name: "guide-test.stack.json", content: expect.stringContaining('"artifact": "abc"') });
  });
});
