import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createSocket } from "node:dgram";
import { Agent, get, request, type IncomingMessage } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { get as getSecurely } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { WorkloadType } from "../../src/model/names.ts";
import { type BootstrapDependencies, type ControlPlaneConnection } from "../../src/targets/docker/approach.ts";
import { openControlPlane } from "../../src/targets/docker/bootstrap.ts";
import { dockerCommand, dockerProcess } from "../../src/targets/docker/docker-command.ts";
import { baseImage, platformTag } from "../../src/targets/docker/platform-images.ts";
import type { WorkEvent } from "../../src/targets/docker/protocol.ts";
import { removeControlPlane } from "../../src/targets/docker/remove-control-plane.ts";
import { createDockerSession, type DockerSession } from "../../src/targets/docker/session.ts";
import type { HttpRuleDocument, StackDocument } from "../../src/targets/docker/stack-document.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const application = "shop";
const environment = { application, name: "test", target: "docker" } as const;

let folder = "";
let dependencies: BootstrapDependencies;
let connection: ControlPlaneConnection;
let session: DockerSession;
let port = 0;
/** Where names are answered. */
let namesPort = 0;

const open = async (): Promise<void> => {
  connection = await openControlPlane(dependencies);
  session = createDockerSession(connection);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routing-"));
  const programFile = join(folder, "control-plane.js");
  await build({
    input: join(root, "src/control-plane/main.ts"),
    platform: "node",
    output: { file: programFile, format: "es", codeSplitting: false },
  });
  const variables = { ...process.env, ...inject("environment"), COPILOT_INSTANCE: `routing-${randomBytes(3).toString("hex")}` };
  dependencies = {
    docker: dockerCommand(variables),
    dockerProcess: dockerProcess(variables),
    variables,
    home: folder,
    settingsDirectory: join(folder, "settings"),
    programFile,
    version: "0.0.0",
    machine: { platform: process.platform, architecture: process.arch, nodeProgram: process.execPath },
    tell: () => undefined,
  };
  await open();
  await session.records.putApplication({ name: application, target: "docker" });
  const registered = await session.records.putEnvironment(environment);
  port = registered.port ?? 0;
  const { urls } = await session.environmentState(environment);
  namesPort = Number(new URL(urls.find((url) => url.includes("test.shop.localhost")) ?? "http://x").port || "80");
});

afterAll(async () => {
  connection?.close();
  if (process.env["COPILOT_KEEP"] === undefined) await removeControlPlane(dependencies);
  await rm(folder, { recursive: true, force: true });
});

const rule = (targetPort: number, changes: Partial<HttpRuleDocument> = {}): HttpRuleDocument => ({
  hosts: [],
  path: "/",
  targetPort,
  version: "http1",
  healthCheck: {
    path: "/",
    port: targetPort,
    successCodes: "200-499",
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    interval: 5,
    timeout: 2,
    https: false,
  },
  stickiness: false,
  deregistrationDelay: 5,
  allowedSourceIps: [],
  redirectToHttps: false,
  ...changes,
});

type Parts = Partial<Pick<StackDocument, "http" | "listeners" | "discovery" | "site" | "service">>;

/** A service whose one container runs a piece of JavaScript. */
function service(workload: string, script: string, parts: Parts & { readonly type?: WorkloadType } = {}): StackDocument {
  const { type = "Load Balanced Web Service", ...rest } = parts;
  const container = {
    name: workload,
    image: platformTag(baseImage),
    essential: true,
    ports: [{ port: 3000, protocol: "tcp" }],
    entrypoint: ["node", "-e", `process.on("SIGTERM", () => process.exit(0));${script}`],
    environment: {},
    secrets: {},
    dependsOn: {},
    mounts: [],
    labels: {},
    readonlyRootFilesystem: false,
    stopTimeout: 5,
  } as const;
  return {
    format: "copilot-stack/1",
    application,
    environment: environment.name,
    workload,
    type,
    task: { containers: [container], cpu: 256, memory: 128, volumes: [], exec: false },
    service: { desiredCount: 1, rolling: "default", gracePeriod: 10 },
    manifest: `name: ${workload}\n`,
    notices: [],
    ...rest,
  };
}

async function deploy(document: StackDocument): Promise<readonly string[]> {
  await session.records.putWorkload({ application, name: document.workload, type: document.type });
  const path = `/v1/applications/${application}/environments/test/workloads/${document.workload}/deployments`;
  let last: WorkEvent | undefined;
  for await (const event of connection.client.stream<WorkEvent>("POST", path, { body: { document, user: "me" } })) last = event;
  expect(last).toMatchObject({ type: "outcome", outcome: { kind: "deployed" } });
  return last?.type === "outcome" && last.outcome.kind === "deployed" ? last.outcome.urls : [];
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage["headers"];
}

async function read(answer: IncomingMessage): Promise<Reply> {
  let text = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode ?? 0, text, headers: answer.headers };
}

/** Asks at a port of the loopback, by a host name that need not resolve. */
const ask = (path: string, options: { readonly port?: number; readonly headers?: Record<string, string> } = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port: options.port ?? port, path, headers: options.headers ?? {} }, (answer) => resolve(read(answer))).on(
      "error",
      reject,
    );
  });

const askByName = (host: string, path: string): Promise<Reply> => ask(path, { port: namesPort, headers: { host } });

const echo = (label: string, listenPort = 3000): string =>
  `require("http").createServer((q, r) => r.end("${label} " + q.url)).listen(${listenPort});`;

describe("rules", () => {
  it("take the longest path first, and name what there is where no service answers", async () => {
    expect((await ask("/")).status).toBe(404);
    expect((await ask("/")).text).toContain("copilot deploy");
    const urls = await deploy(service("shop-page", echo("page"), { http: { scope: "public", rules: [rule(3000, { path: "/shop" })] } }));
    expect(urls[0]).toBe(`http://localhost:${port}/shop`);
    await deploy(service("orders", echo("orders"), { http: { scope: "public", rules: [rule(3000, { path: "/shop/orders" })] } }));
    expect((await ask("/shop")).text).toBe("page /shop");
    expect((await ask("/shop/orders/1")).text).toBe("orders /shop/orders/1");
    expect((await ask("/shop/ordersX")).text).toBe("page /shop/ordersX");
    expect(await ask("/shopping")).toMatchObject({ status: 404, text: expect.stringContaining("shop-page: /shop") });
    expect((await askByName("test.shop.localhost", "/shop")).text).toBe("page /shop");
  });

  it("answer 503 while no task is ready, and say how to see why", async () => {
    const document = service("empty", echo("never"), {
      http: { scope: "public", rules: [rule(3000, { path: "/empty" })] },
      service: { desiredCount: 0, rolling: "default", gracePeriod: 1 },
    });
    await deploy(document);
    expect(await ask("/empty")).toMatchObject({ status: 503, text: expect.stringContaining("copilot svc status --name empty --env test") });
  });

  it("give each of several tasks its requests, and a client with the cookie always the same", async () => {
    const script = `const id = require("os").hostname(); require("http").createServer((q, r) => r.end(id)).listen(3000);`;
    const own = { service: { desiredCount: 2, rolling: "default", gracePeriod: 10 } } as const;
    await deploy(service("many", script, { ...own, http: { scope: "public", rules: [rule(3000, { path: "/many" })] } }));
    const spread = new Set<string>();
    for (let index = 0; index < 10; index++) spread.add((await ask("/many")).text);
    expect(spread.size).toBe(2);
    await deploy(
      service("sticky", script, { ...own, http: { scope: "public", rules: [rule(3000, { path: "/sticky", stickiness: true })] } }),
    );
    const [cookie = ""] = (await ask("/sticky")).headers["set-cookie"]?.[0]?.split(";") ?? [];
    const stuck = new Set<string>();
    for (let index = 0; index < 10; index++) stuck.add((await ask("/sticky", { headers: { cookie } })).text);
    expect(stuck.size).toBe(1);
  });

  it("keep out sources that are not allowed", async () => {
    const rules = [rule(3000, { path: "/closed", allowedSourceIps: ["203.0.113.0/24"] })];
    await deploy(service("closed", echo("closed"), { http: { scope: "public", rules } }));
    expect((await ask("/closed")).status).toBe(404);
  });

  it("carry upgrades, pieces and HTTP/2 without TLS", async () => {
    const upgrade = `let first; require("http").createServer((q, r) => { if (q.url.endsWith("/on")) { first.end("b"); r.end(); } else { first = r; r.write("a"); } })
      .on("upgrade", (q, s) => { s.write("HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n"); s.pipe(s); }).listen(3000);`;
    await deploy(service("streams", upgrade, { http: { scope: "public", rules: [rule(3000, { path: "/streams" })] } }));
    const echoed = await new Promise<string>((resolve, reject) => {
      const call = request({ host: "127.0.0.1", port, path: "/streams", headers: { connection: "Upgrade", upgrade: "echo" } });
      call.on("upgrade", (_, socket) => {
        socket.once("data", (data: Buffer) => {
          socket.destroy();
          resolve(data.toString());
        });
        socket.write("ping");
      });
      call.on("error", reject).end();
    });
    expect(echoed).toBe("ping");
    const pieces = await new Promise<string[]>((resolve, reject) => {
      get({ host: "127.0.0.1", port, path: "/streams" }, (answer) => {
        const seen: string[] = [];
        answer.on("data", (data: Buffer) => seen.push(data.toString())).on("end", () => resolve(seen));
        // The second piece is only written when the first has come.
        answer.once("data", () => void ask("/streams/on").catch(reject));
      }).on("error", reject);
    });
    expect(pieces).toEqual(["a", "b"]);
    const grpc = `require("http2").createServer().on("stream", (s, h) => { s.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      s.on("wantTrailers", () => s.sendTrailers({ "grpc-status": "12" })); s.end("h2 " + h[":path"]); }).listen(3000);`;
    await deploy(
      service("remote", grpc, {
        http: {
          scope: "public",
          rules: [rule(3000, { path: "/remote.Service", version: "grpc", healthCheck: { ...rule(3000).healthCheck, successCodes: "12" } })],
        },
      }),
    );
    const client = connectHttp2(`http://127.0.0.1:${port}`);
    const called = await new Promise<{ text: string; status: unknown }>((resolve, reject) => {
      const stream = client.request({
        ":path": "/remote.Service/Call",
        ":method": "POST",
        "content-type": "application/grpc",
        te: "trailers",
      });
      let text = "";
      let status: unknown;
      stream.setEncoding("utf8").on("data", (data: string) => (text += data));
      stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
      stream.on("end", () => resolve({ text, status })).on("error", reject);
      stream.end();
    });
    client.destroy();
    expect(called).toEqual({ text: "h2 /remote.Service/Call", status: "12" });
  });

  it("answer at names of their own, over HTTPS too", async () => {
    const rules = [rule(3000, { hosts: ["runner.test.shop.localhost", "www.example.com"] })];
    const urls = await deploy(service("runner", echo("runner"), { type: "Request-Driven Web Service", http: { scope: "public", rules } }));
    expect(urls[0]).toMatch(/^http:\/\/runner\.test\.shop\.localhost/);
    expect((await askByName("www.example.com", "/x")).text).toBe("runner /x");
    const answer = await new Promise<Reply>((resolve, reject) => {
      const options = { host: "127.0.0.1", port: namesPort + 1, path: "/y", servername: "www.example.com", rejectUnauthorized: false };
      getSecurely({ ...options, headers: { host: "www.example.com" } }, (found) => resolve(read(found))).on("error", reject);
    });
    expect(answer.text).toBe("runner /y");
  });
});

describe("inside an environment", () => {
  it("workloads find each other by name, and reach inner rules that nobody outside reaches", async () => {
    await deploy(
      service("api", echo("api"), {
        type: "Backend Service",
        http: { scope: "internal", rules: [rule(3000, { path: "/api" })] },
        discovery: { names: ["api", "api.test.shop.local"] },
      }),
    );
    const script = `const http = require("http"); const dns = require("dns/promises");
      const read = (url) => new Promise((resolve) => http.get(url, (a) => { let t = ""; a.on("data", (d) => (t += d)).on("end", () => resolve(t.trim())); }).on("error", (e) => resolve(e.code)));
      http.createServer(async (q, r) => r.end(JSON.stringify([await read("http://api:3000/1"), await read("http://api.test.shop.local:3000/2"),
        await read("http://lb.test.shop.local/api/3"), await read("http://nobody:3000/"), (await dns.resolveSrv("api").catch((e) => e.code))[0]?.port]))).listen(3000);`;
    await deploy(service("asker", script, { http: { scope: "public", rules: [rule(3000, { path: "/asker" })] } }));
    expect(JSON.parse((await ask("/asker")).text)).toEqual(["api /1", "api /2", "api /api/3", "ENOTFOUND", 3000]);
    expect((await ask("/api")).text).not.toContain("api /api");
    expect((await askByName("lb.test.shop.local", "/api")).status).toBe(404);
  });
});

describe("a site", () => {
  it("is served as a bucket behind a CDN is", async () => {
    const archive = pack();
    for (const [name, text] of Object.entries({ "index.html": "home", "docs/index.html": "docs", "a.css": "css", "404.html": "gone" }))
      archive.entry({ name, mtime: new Date(0) }, text);
    archive.finalize();
    const chunks: Uint8Array[] = [];
    for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await connection.client.upload(
      `/v1/artifacts/${sha256}`,
      (async function* () {
        yield bytes;
      })(),
    );
    const { task: _, service: __, ...site } = service("guide", "", { type: "Static Site" });
    const host = "guide.test.shop.localhost";
    await deploy({ ...site, site: { artifact: sha256, hosts: [host] } });
    const answers = await Promise.all(
      ["/", "/docs/", "/docs", "/a.css", "/none.css", "/none", "/index.html"].map((path) => askByName(host, path)),
    );
    expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual([
      "200 home",
      "200 docs",
      "200 docs",
      "200 css",
      "404 gone",
      "404 gone",
      "200 home",
    ]);
  });
});

describe("listeners", () => {
  it("take TCP, TLS and UDP connections to tasks", async () => {
    const script = `require("net").createServer((s) => s.on("data", (d) => s.end("tcp " + d))).listen(3000);
      const u = require("dgram").createSocket("udp4"); u.on("message", (m, c) => u.send("udp " + m, c.port, c.address)); u.bind(3001);`;
    const urls = await deploy(
      service("socket", script, {
        listeners: [
          { port: 15432, protocol: "tcp", targetPort: 3000, deregistrationDelay: 5 },
          { port: 15353, protocol: "udp", targetPort: 3001, deregistrationDelay: 5 },
          { port: 15443, protocol: "tls", targetPort: 3000, deregistrationDelay: 5 },
        ],
      }),
    );
    const portOf = (protocol: string): number =>
      Number(
        urls
          .find((url) => url.startsWith(`${protocol}:`))
          ?.split(":")
          .at(-1),
      );
    const tcp = await new Promise<string>((resolve, reject) => {
      const socket = connect(portOf("tcp"), "127.0.0.1", () => socket.write("x"));
      socket.once("data", (data) => resolve(data.toString())).once("error", reject);
    });
    expect(tcp).toBe("tcp x");
    const udp = await new Promise<string>((resolve) => {
      const socket = createSocket("udp4");
      const again = setInterval(() => socket.send("y", portOf("udp"), "127.0.0.1"), 200);
      socket.once("message", (message) => {
        clearInterval(again);
        socket.close();
        resolve(message.toString());
      });
      socket.send("y", portOf("udp"), "127.0.0.1");
    });
    expect(udp).toBe("udp y");
    const { connect: connectTls } = await import("node:tls");
    const tls = await new Promise<string>((resolve, reject) => {
      const socket = connectTls({ host: "127.0.0.1", port: portOf("tls"), rejectUnauthorized: false }, () => socket.write("z"));
      socket.once("data", (data) => resolve(data.toString())).once("error", reject);
    });
    expect(tls).toBe("tcp z");
  });
});

/** A service that names its version; `more` is a further path that it answers at. */
const version = (label: number, more: readonly string[] = []): StackDocument =>
  service("busy", `require("http").createServer((q, r) => setTimeout(() => r.end("v${label}"), Math.random() * 80)).listen(3000);`, {
    http: { scope: "public", rules: ["/busy", ...more].map((path) => rule(3000, { path })) },
  });

/** Asks up to 200 times a second over connections that are kept, until told to end; tells what failed and what was answered. */
function hammer(path: string): {
  end(): Promise<{ readonly failures: readonly string[]; readonly seen: ReadonlySet<string>; readonly done: number }>;
} {
  const agent = new Agent({ keepAlive: true });
  const failures: string[] = [];
  const seen = new Set<string>();
  let pending = 0;
  let done = 0;
  const settle = (failure?: string): void => {
    pending--;
    done++;
    if (failure !== undefined) failures.push(failure);
  };
  const clock = setInterval(() => {
    // A machine that cannot answer so many is not asked for more meanwhile.
    if (pending >= 100) return;
    pending++;
    get({ host: "127.0.0.1", port, path, agent }, (answer) => {
      read(answer).then(
        ({ status, text }) => {
          seen.add(text);
          settle(status === 200 ? undefined : `${status} ${text}`);
        },
        (error: unknown) => settle(String(error)),
      );
    }).on("error", (error) => settle(String(error)));
  }, 5);
  return {
    async end() {
      clearInterval(clock);
      await expect.poll(() => pending).toBe(0);
      agent.destroy();
      return { failures, seen, done };
    },
  };
}

describe("a deployment", () => {
  it("loses none of 200 requests a second while it is made ten times, and the control plane killed", async () => {
    await deploy(version(0));
    const load = hammer("/busy");
    for (let label = 1; label <= 10; label++) await deploy(version(label));
    await dependencies.docker(["container", "kill", connection.names.controlPlane]);
    await dependencies.docker(["container", "start", connection.names.controlPlane]);
    connection.close();
    await open();
    await deploy(version(11));
    const { failures, seen, done } = await load.end();
    expect(failures).toEqual([]);
    expect(seen.size).toBe(12);
    expect(done).toBeGreaterThan(1_000);
  });

  it("loses none while the rules change", async () => {
    await deploy(version(20));
    const load = hammer("/busy");
    for (let label = 1; label <= 10; label++) await deploy(version(20, [`/busy-${label}`]));
    const { failures, done } = await load.end();
    expect(failures).toEqual([]);
    expect(done).toBeGreaterThan(20);
    expect((await ask("/busy-10")).text).toBe("v20");
  });
});
