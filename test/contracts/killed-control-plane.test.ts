import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectEngine } from "../../src/control-plane/engine/http-engine.ts";
import type { Release } from "../../src/model/deployment.ts";
import type { StackDocument } from "../../src/targets/docker/stack-document.ts";
import type { WorkloadStatus } from "../../src/targets/docker/protocol.ts";
import { containerDocument, pathOf, serviceDocument } from "../fakes/control-plane-on-fakes.ts";
import { realEngine } from "./engine-worlds.ts";

const real = await realEngine();
if (typeof real === "string") process.stderr.write(`No control plane is killed in the middle of a deployment: ${real}.\n`);

/** Milliseconds after the request at which the control plane is killed: from before anything was started to after the switch. */
const moments = [5, 160, 320, 600, 900];

describe.skipIf(typeof real === "string")("a control plane on a real engine", () => {
  const { socket, image } = typeof real === "string" ? { socket: "", image: "" } : real;
  const instance = `killed-${randomBytes(3).toString("hex")}`;
  const engine = connectEngine(socket);
  let directory = "";
  let running: { readonly child: ChildProcess; readonly port: number; readonly token: string };

  async function start(): Promise<void> {
    const program = fileURLToPath(new URL("../fakes/killed-control-plane.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", program, instance, directory, socket, image], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      child.once("exit", (code) => reject(new Error(`The control plane ended with ${code}.`)));
    });
    running = { child, ...(JSON.parse(line) as { port: number; token: string }) };
  }

  async function call(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${running.port}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${running.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.text();
  }

  function document(version: number): StackDocument {
    const command = ["node", "-e", "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)"];
    const { healthCheck: _none, ...container } = containerDocument("api", image, {
      entrypoint: [],
      command,
      environment: { VERSION: String(version) },
    });
    return serviceDocument("api", image, {
      task: { containers: [container], cpu: 256, memory: 256, volumes: [], exec: false },
      service: { desiredCount: 2, rolling: "default", gracePeriod: 0 },
      discovery: { names: [] },
    });
  }

  /** The newest release, once nothing is under way and exactly the wanted tasks run. */
  async function settled(): Promise<Release | undefined> {
    const status = JSON.parse(await call("GET", `${pathOf("api")}/status`)) as WorkloadStatus;
    const releases = JSON.parse(await call("GET", `${pathOf("api")}/releases`)) as Release[];
    const isCalm = status.tasks.length === 2 && status.tasks.every((task) => task.state === "running" && task.health === "healthy");
    return isCalm && releases[0]?.status !== "in-progress" ? releases[0] : undefined;
  }

  /** The specification of each task that has a network. */
  async function runningHolders(): Promise<readonly (string | undefined)[]> {
    const containers = await engine.listContainers({ "copilot.instance": instance, "copilot.role": "holder" });
    return containers.filter((container) => container.state === "running").map((container) => container.labels["copilot.specification"]);
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copilot-killed-"));
    await start();
  });

  beforeEach(async () => {
    await call("PUT", "/applications/shop", { target: "docker" });
    await call("PUT", "/applications/shop/environments/test", { target: "docker" });
    const releases = JSON.parse(await call("GET", `${pathOf("api")}/releases`)) as unknown;
    if (!Array.isArray(releases) || releases.length === 0)
      await call("POST", `${pathOf("api")}/deployments`, { document: document(0), user: "ann" });
  });

  afterAll(async () => {
    await call("DELETE", "/applications/shop").catch(() => "");
    running.child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  test.each(moments)("is killed %i ms into a deployment: the next one ends it, and nothing is left over", async (moment) => {
    const cut = call("POST", `${pathOf("api")}/deployments`, { document: document(moment), user: "ann" }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, moment));
    running.child.kill("SIGKILL");
    await cut;
    await start();
    await expect.poll(settled, { interval: 200 }).toMatchObject({ status: "deployed" });
    await expect.poll(runningHolders, { interval: 200 }).toHaveLength(2);
    expect(new Set(await runningHolders()).size).toBe(1);
  });

  test("a deletion leaves nothing on the engine", async () => {
    await call("DELETE", "/applications/shop");
    expect(await engine.listContainers({ "copilot.instance": instance })).toEqual([]);
    expect(await engine.listNetworks({ "copilot.instance": instance })).toEqual([]);
    expect(await engine.listVolumes({ "copilot.instance": instance })).toEqual([]);
  });
});
