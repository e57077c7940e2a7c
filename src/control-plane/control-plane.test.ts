import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  ControlPlaneOnFakes,
  containerDocument,
  endingOf,
  jobDocument,
  pathOf,
  serviceDocument,
} from "../../test/fakes/control-plane-on-fakes.ts";

let plane: ControlPlaneOnFakes;
beforeEach(async () => {
  plane = new ControlPlaneOnFakes();
  await plane.start();
  plane.engine.addImage("good:1", { writes: ["up"], health: { after: 20, status: "healthy" } });
  plane.engine.addImage("good:2", { writes: ["up"], health: { after: 20, status: "healthy" } });
  plane.engine.addImage("crash:1", { writes: ["first", "cannot open the shop"], exits: { after: 20, code: 3 } });
  plane.engine.addImage("sick:1", { writes: ["hm"], health: { after: 20, status: "unhealthy" } });
  plane.engine.addImage("slow:1", { health: { after: 60_000, status: "healthy" } });
});
afterEach(() => plane.remove());

const memberNames = (): readonly string[] =>
  plane.engine.containers.filter((container) => container.labels["copilot.role"] === "member").map((container) => container.image);
const running = (): readonly string[] =>
  plane.engine.containers
    .filter((container) => container.state === "running" && container.labels["copilot.role"] === "member")
    .map((c) => c.name);

describe("deployments", () => {
  test("a service is deployed once its tasks are healthy, and found by its name from then on", async () => {
    const document = serviceDocument("api", "good:1", { service: { desiredCount: 2, rolling: "default", gracePeriod: 0 } });
    expect(await plane.deploy(document)).toMatchObject({ kind: "deployed", revision: 1 });
    const names = plane.discovery.applied.at(-1)?.environments[0]?.names;
    expect(names).toEqual([{ name: "api", addresses: [expect.any(String), expect.any(String)] }]);
    expect(await plane.status("api")).toMatchObject({ desiredCount: 2, runningCount: 2, deployment: { status: "deployed", user: "ann" } });
  });

  test("deploying the same again changes nothing on the engine; forcing it starts new tasks, and leaves the one after unchanged", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const before = plane.engine.calls.length;
    expect(await plane.deploy(serviceDocument("api", "good:1"))).toMatchObject({ kind: "unchanged", revision: 1 });
    expect(plane.engine.calls.length).toBe(before);
    expect(await plane.deploy(serviceDocument("api", "good:1"), { force: true })).toMatchObject({ kind: "deployed", revision: 2 });
    expect(await plane.deploy(serviceDocument("api", "good:1"))).toMatchObject({ kind: "unchanged", revision: 2 });
  });

  test("a change that no task is made from keeps the tasks", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const before = running();
    expect(await plane.deploy(serviceDocument("api", "good:1", { manifest: "name: api" }))).toMatchObject({
      kind: "deployed",
      revision: 2,
    });
    expect(running()).toEqual(before);
  });

  test("an image of the same name that was built anew is deployed", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    plane.engine.addImage("good:1", { health: { after: 10, status: "healthy" } });
    await expect.poll(() => plane.deploy(serviceDocument("api", "good:1"))).toMatchObject({ kind: "deployed", revision: 2 });
  });

  test("a crash ends the deployment with exit code and last lines, and the old version serves on", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const serving = running();
    const outcome = await plane.deploy(serviceDocument("api", "crash:1"));
    const failure = { reason: "container api exited with 3", container: "api", exitCode: 3, lastLines: ["first", "cannot open the shop"] };
    expect(outcome).toEqual({ kind: "rolled-back", revision: 1, failure });
    expect(running()).toEqual(serving);
    expect(await plane.status("api")).toMatchObject({ runningCount: 1, lastFailure: failure });
    expect((await plane.releases("api")).map((release) => release.status)).toEqual(["rolled-back", "deployed"]);
  });

  test("a failing health check ends the deployment", async () => {
    expect(await plane.deploy(serviceDocument("api", "sick:1"))).toMatchObject({
      kind: "rolled-back",
      failure: { reason: "the health check of container api fails", container: "api", lastLines: ["hm"] },
    });
    await expect.poll(running).toEqual([]);
  });

  test("without roll-back a failed version is left as it is, until the next deployment", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    expect(await plane.deploy(serviceDocument("api", "sick:1"), { noRollback: true })).toMatchObject({ kind: "failed" });
    expect(running()).toHaveLength(2);
    expect(await plane.deploy(serviceDocument("api", "good:2"))).toMatchObject({ kind: "deployed", revision: 3 });
    await expect.poll(running).toHaveLength(1);
  });

  test("recreate stops the old tasks first and brings them back when the new ones fail", async () => {
    const recreate = { desiredCount: 1, rolling: "recreate", gracePeriod: 0 } as const;
    await plane.deploy(serviceDocument("api", "good:1", { service: recreate }));
    const [old] = running();
    expect(await plane.deploy(serviceDocument("api", "crash:1", { service: recreate }))).toMatchObject({
      kind: "rolled-back",
      revision: 1,
    });
    const calls = plane.engine.calls.filter((call) => call.startsWith("stop ") || call.startsWith("start "));
    const started = calls.findLastIndex((call) => call.startsWith("start ") && call.endsWith("-api"));
    expect(calls.indexOf(`stop ${old}`)).toBeLessThan(started);
    await expect.poll(async () => (await plane.status("api")).runningCount).toBe(1);
    expect(await plane.deploy(serviceDocument("api", "good:2", { service: recreate }))).toMatchObject({ kind: "deployed" });
  });

  test("a deployment can be cancelled, and the next one waits for its end and is told who holds the workload", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const first = plane.deploy(serviceDocument("api", "slow:1"));
    await expect.poll(() => memberNames().length).toBe(2);
    const second = plane.events("POST", `${pathOf("api")}/deployments`, { document: serviceDocument("api", "good:2"), user: "bob" });
    await plane.call("DELETE", `${pathOf("api")}/deployments/current`);
    expect(await first).toEqual({ kind: "cancelled", revision: 1 });
    const events = await second;
    expect(events.find((event) => event.type === "notice")).toMatchObject({
      message: expect.stringContaining("ann has been deploying api"),
    });
    expect(endingOf(events)).toMatchObject({ kind: "deployed", revision: 3 });
  });

  test("a container that cannot be started ends the deployment, and can be deleted", async () => {
    plane.engine.addImage("broken:1", { startError: "exec: /no/such: no such file" });
    const outcome = await plane.deploy(serviceDocument("api", "broken:1"));
    expect(outcome).toMatchObject({ kind: "rolled-back", failure: { reason: expect.stringContaining("/no/such"), container: "api" } });
    expect(endingOf(await plane.events("DELETE", pathOf("api")))).toMatchObject({ kind: "deployed" });
    expect(plane.engine.containers).toEqual([]);
  });

  test("what is missing is named before anything is started", async () => {
    const secret = serviceDocument("api", "good:1");
    const task = {
      ...secret.task,
      cpu: 256,
      memory: 512,
      volumes: [],
      exec: false,
      containers: [containerDocument("api", "good:1", { secrets: { TOKEN: "token", KEY: "key" } })],
    };
    expect(await plane.deploy({ ...secret, task })).toMatchObject({
      kind: "error",
      code: "secret-not-found",
      message: expect.stringContaining('"key", "token"'),
      hint: "copilot secret init --app shop --name key, then the same for token",
    });
    expect(await plane.deploy(serviceDocument("api", "nobody/has:1"))).toMatchObject({ kind: "error", code: "image-not-found" });
    expect(
      await plane.deploy({ ...serviceDocument("web", "good:1"), environment: "test", site: { artifact: "0".repeat(64), hosts: [] } }),
    ).toMatchObject({
      kind: "error",
      code: "artifact-not-found",
    });
    expect(memberNames()).toEqual([]);
  });
});

describe("tasks", () => {
  test("containers start when their conditions are met, and stop dependents first", async () => {
    plane.engine.addImage("init:1", { exits: { after: 20, code: 0 } });
    const document = serviceDocument("api", "good:1");
    const containers = [
      containerDocument("api", "good:1", { dependsOn: { init: "SUCCESS", db: "HEALTHY" } }),
      containerDocument("init", "init:1", { essential: false }),
      containerDocument("db", "good:2"),
    ];
    const task = { containers, cpu: 256, memory: 512, volumes: [], exec: false };
    expect(await plane.deploy({ ...document, task })).toMatchObject({ kind: "deployed" });
    const starts = plane.engine.calls.filter((call) => call.startsWith("start ")).map((call) => call.split("-").at(-1));
    expect(starts.at(-1)).toBe("api");
    expect(new Set(starts.slice(1, -1))).toEqual(new Set(["db", "init"]));
    await plane.events("DELETE", pathOf("api"));
    const stops = plane.engine.calls.filter((call) => call.startsWith("stop ")).map((call) => call.split("-").at(-1));
    expect(stops.indexOf("api")).toBeLessThan(stops.indexOf("db"));
  });

  test("a condition that cannot be met any more fails the deployment", async () => {
    plane.engine.addImage("bad-init:1", { writes: ["no migrations"], exits: { after: 10, code: 9 } });
    const containers = [
      containerDocument("api", "good:1", { dependsOn: { init: "SUCCESS" } }),
      containerDocument("init", "bad-init:1", { essential: false }),
    ];
    const outcome = await plane.deploy({
      ...serviceDocument("api", "good:1"),
      task: { containers, cpu: 256, memory: 512, volumes: [], exec: false },
    });
    expect(outcome).toMatchObject({ kind: "rolled-back", failure: { container: "init", exitCode: 9, lastLines: ["no migrations"] } });
  });

  test("a task whose essential container ends is replaced", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const [before = ""] = running();
    plane.engine.exit(before, 1);
    await expect.poll(async () => (await plane.status("api")).runningCount).toBe(1);
    expect(running()).not.toEqual([before]);
    const { stoppedTasks } = await plane.status("api");
    expect(stoppedTasks).toMatchObject([{ state: "stopped", stoppedReason: "container api exited with 1" }]);
  });

  test("a task that someone restarts is replaced by one, and not both run on", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const [before = ""] = running();
    await plane.engine.restartContainer(before);
    await expect.poll(running).not.toContain(before);
    await expect.poll(async () => (await plane.status("api")).runningCount).toBe(1);
    expect(running()).toHaveLength(1);
  });

  test("routing that fails is told once, tried more and more rarely, and holds a deployment up until it works", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    await plane.deploy(serviceDocument("other", "good:1"));
    plane.ingress.trouble = "no way in";
    const calls = plane.ingress.applied.length;
    const deployment = plane.events("POST", `${pathOf("api")}/deployments`, { document: serviceDocument("api", "good:2"), user: "ann" });
    plane.engine.exit(running().find((name) => name.includes("other")) ?? "", 1);
    await expect.poll(() => plane.warnings.filter((line) => line.includes("no way in")).length).toBe(1);
    await expect.poll(running).toHaveLength(3);
    plane.ingress.trouble = undefined;
    const events = await deployment;
    expect(endingOf(events)).toMatchObject({ kind: "deployed", revision: 2 });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "notice", level: "warning", message: expect.stringContaining("no way in") }),
    );
    expect(plane.ingress.applied.length).toBeGreaterThan(calls);
    expect(plane.warnings.filter((line) => line.includes("no way in"))).toHaveLength(1);
    expect(plane.warnings).toContain("Routing works again.");
  });

  test("an unhealthy task is replaced", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const [before = ""] = running();
    plane.engine.setHealth(before, "unhealthy");
    await expect.poll(running).not.toContain(before);
    await expect.poll(async () => (await plane.status("api")).runningCount).toBe(1);
  });
});

describe("a paused service", () => {
  const pause = async (): Promise<unknown> => endingOf(await plane.events("POST", `${pathOf("api")}/pause`, { user: "ann" }));
  const resume = async (): Promise<unknown> => endingOf(await plane.events("POST", `${pathOf("api")}/resume`, { user: "bob" }));

  test("has no task, also after an end of the control plane, until it is resumed", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    expect(await pause()).toMatchObject({ kind: "deployed", revision: 1 });
    expect(running()).toEqual([]);
    expect(await plane.status("api")).toMatchObject({ desiredCount: 0, runningCount: 0, pausedSince: expect.any(String) });
    expect(plane.discovery.applied.at(-1)?.environments[0]?.names[0]?.addresses).toEqual([]);
    await plane.end();
    await plane.start();
    expect(await plane.deploy(serviceDocument("api", "good:1"))).toMatchObject({ kind: "unchanged" });
    expect(running()).toEqual([]);

    expect(await resume()).toMatchObject({ kind: "deployed", revision: 2 });
    expect(running()).toHaveLength(1);
    const status = await plane.status("api");
    expect(status).toMatchObject({ desiredCount: 1, runningCount: 1, deployment: { user: "bob" } });
    expect(status).not.toHaveProperty("pausedSince");
    expect(await resume()).toMatchObject({ kind: "unchanged", revision: 2 });
  });

  test("stays paused when what is deployed meanwhile fails, and runs when it succeeds", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    await pause();
    expect(await plane.deploy(serviceDocument("api", "crash:1"))).toMatchObject({ kind: "rolled-back", revision: 1 });
    await expect.poll(running).toEqual([]);
    expect(await plane.status("api")).toMatchObject({ desiredCount: 0, pausedSince: expect.any(String) });
    expect(await plane.deploy(serviceDocument("api", "good:2"))).toMatchObject({ kind: "deployed" });
    expect(await plane.status("api")).toMatchObject({ desiredCount: 1, runningCount: 1 });
  });

  test("is none of what has no tasks that run on, or is not there", async () => {
    expect(await pause()).toMatchObject({ kind: "error", code: "workload-not-found" });
    await plane.deploy(jobDocument("count", "good:1"));
    const ending = endingOf(await plane.events("POST", `${pathOf("count")}/pause`, { user: "ann" }));
    expect(ending).toMatchObject({ kind: "error", code: "not-pausable" });
  });
});

describe("after an end", () => {
  test("a new control plane finds everything as it was and touches nothing", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    const before = running();
    await plane.end();
    const calls = plane.engine.calls.length;
    await plane.start();
    expect(await plane.deploy(serviceDocument("api", "good:1"))).toMatchObject({ kind: "unchanged", revision: 1 });
    expect(running()).toEqual(before);
    expect(plane.engine.calls.slice(calls)).toEqual([]);
    expect(plane.discovery.applied.at(-1)?.environments[0]?.names[0]?.addresses).toHaveLength(1);
  });

  test("a deployment under way is finished, and what was half made is removed", async () => {
    plane.engine.addImage("later:1", { health: { after: 300, status: "healthy" } });
    await plane.deploy(serviceDocument("api", "good:1"));
    const cut = plane.deploy(serviceDocument("api", "later:1")).catch(() => undefined);
    await expect.poll(() => memberNames().length).toBe(2);
    await plane.end();
    await cut;
    await plane.start();
    await expect.poll(async () => (await plane.releases("api"))[0]?.status).toBe("deployed");
    await expect.poll(running).toHaveLength(1);
  });

  test("tasks that ended with the engine are made again, without blame", async () => {
    await plane.deploy(serviceDocument("api", "good:1"));
    plane.engine.crash();
    plane.engine.restart();
    await expect.poll(async () => (await plane.status("api")).runningCount).toBe(1);
    expect((await plane.status("api")).lastFailure).toBeUndefined();
  });
});

describe("deletions", () => {
  test("an application leaves nothing on the engine but its neighbours", async () => {
    plane.engine.addImage("copilot/shop/api:1", { health: { after: 10, status: "healthy" } });
    plane.engine.addImage("copilot/shopping/api:1", {});
    const document = serviceDocument("api", "copilot/shop/api:1");
    const volumes = [
      { name: "data", kind: "kept", key: "api-data" },
      { name: "scratch", kind: "scratch" },
    ] as const;
    const mounts = volumes.map(({ name }) => ({ volume: name, path: `/${name}`, readOnly: false }));
    const task = { containers: [containerDocument("api", "copilot/shop/api:1", { mounts })], cpu: 256, memory: 512, volumes, exec: false };
    expect(await plane.deploy({ ...document, task })).toMatchObject({ kind: "deployed" });
    expect(await plane.engine.listVolumes({ "copilot.instance": "test" })).toHaveLength(2);
    expect(endingOf(await plane.events("DELETE", "/applications/shop"))).toMatchObject({ kind: "deployed" });
    expect(plane.engine.containers).toEqual([]);
    expect(await plane.engine.listVolumes({})).toEqual([]);
    expect(await plane.engine.listNetworks({})).toEqual([]);
    expect((await plane.engine.listImages("copilot/*")).flatMap((image) => image.references)).toEqual(["copilot/shopping/api:1"]);
    expect((await plane.call("GET", "/applications/shop")).status).toBe(404);
  });

  test("a workload takes its own images along and leaves those of one whose name begins alike", async () => {
    for (const reference of ["copilot/shop/api:1", "copilot/shop/api-proxy:1", "copilot/shop/api-two:1"]) {
      plane.engine.addImage(reference, { health: { after: 10, status: "healthy" } });
    }
    await plane.call("PUT", "/applications/shop/workloads/api-two", { type: "Backend Service" });
    await plane.deploy(serviceDocument("api", "copilot/shop/api:1"));
    await plane.events("DELETE", pathOf("api"));
    expect((await plane.engine.listImages("copilot/*")).flatMap((image) => image.references)).toEqual(["copilot/shop/api-two:1"]);
  });
});

describe("jobs", () => {
  test("a run succeeds or fails with its exit code, and is remembered", async () => {
    plane.engine.addImage("job:1", { writes: ["done"], exits: { after: 20, code: 0 } });
    plane.engine.addImage("job:2", { writes: ["oh no"], exits: { after: 20, code: 4 } });
    await plane.deploy(jobDocument("report", "job:1"));
    expect(memberNames()).toEqual([]);
    expect(endingOf(await plane.events("POST", `${pathOf("report")}/runs`))).toMatchObject({ kind: "deployed" });
    await plane.deploy(jobDocument("report", "job:2"));
    expect(endingOf(await plane.events("POST", `${pathOf("report")}/runs`))).toMatchObject({
      kind: "failed",
      failure: { exitCode: 4, lastLines: ["oh no"] },
    });
    expect(await plane.runs("report")).toMatchObject([
      { status: "failed", exitCode: 4, tries: 1, trigger: "manual" },
      { status: "succeeded", tries: 1 },
    ]);
  });

  test("a run that takes too long is ended", async () => {
    plane.engine.addImage("endless:1", {});
    await plane.deploy(jobDocument("report", "endless:1", { timeout: 1 }));
    expect(endingOf(await plane.events("POST", `${pathOf("report")}/runs`))).toMatchObject({ kind: "failed" });
    expect(await plane.runs("report")).toMatchObject([{ status: "timed-out" }]);
    await expect.poll(running).toEqual([]);
  });

  test("a deletion ends a run and takes its tasks along", async () => {
    plane.engine.addImage("endless:1", {});
    await plane.deploy(jobDocument("report", "endless:1"));
    const run = plane.events("POST", `${pathOf("report")}/runs`);
    await expect.poll(running).toHaveLength(1);
    expect(endingOf(await plane.events("DELETE", pathOf("report")))).toMatchObject({ kind: "deployed" });
    expect(endingOf(await run)).toMatchObject({ kind: "failed", failure: { reason: "it was stopped" } });
    expect(plane.engine.containers).toEqual([]);
  });

  test("a run goes on with another control plane", async () => {
    plane.engine.addImage("long:1", {});
    await plane.deploy(jobDocument("report", "long:1"));
    const cut = plane.events("POST", `${pathOf("report")}/runs`).catch(() => []);
    await expect.poll(running).toHaveLength(1);
    await plane.end();
    await cut;
    await plane.start();
    plane.engine.exit(running()[0] ?? "", 0);
    await expect.poll(() => plane.runs("report")).toMatchObject([{ status: "succeeded", tries: 1 }]);
  });
});

describe("secrets", () => {
  test("their values reach containers and nothing else", async () => {
    const value = "s3cret-value-of-ours";
    plane.engine.addImage("talks:1", { writes: [`my token is ${value}`], exits: { after: 20, code: 1 } });
    expect((await plane.call("PUT", "/applications/shop/environments/test/secrets/token", { value })).ok).toBe(true);
    const containers = [containerDocument("api", "talks:1", { secrets: { TOKEN: "token" } })];
    const outcome = await plane.deploy({
      ...serviceDocument("api", "talks:1"),
      task: { containers, cpu: 256, memory: 512, volumes: [], exec: false },
    });
    expect(outcome).toMatchObject({ kind: "rolled-back", failure: { lastLines: ["my token is ***"] } });
    const logs = await (await plane.call("GET", `${pathOf("api")}/logs`)).text();
    expect(logs).toContain("my token is ***");
    const files = ["journal.jsonl", "secrets.json"].map((name) => join(plane.directory, name));
    for (const file of files) expect(await readFile(file, "utf8")).not.toContain(value);
    for (const name of ["token", "secrets.key", "secrets.json"]) expect((await stat(join(plane.directory, name))).mode & 0o777).toBe(0o600);
    await plane.end();
    await plane.start();
    expect(await (await plane.call("GET", "/applications/shop/environments/test/secrets")).json()).toEqual(["token"]);
  });
});

describe("the API", () => {
  test("refuses a call without its token and answers health without one", async () => {
    expect((await plane.call("GET", "/info", undefined, "wrong")).status).toBe(401);
    expect((await plane.call("GET", "/health", undefined, "wrong")).status).toBe(200);
    expect(await (await plane.call("GET", "/info")).json()).toMatchObject({ protocol: 1, instance: "test", engine: { id: "fake" } });
  });

  test("says what is wrong with a request", async () => {
    const at = `${pathOf("api")}/deployments`;
    for (const body of [{}, { document: { format: "copilot-stack/2" } }, { document: serviceDocument("web", "good:1"), user: "ann" }]) {
      const answer = await plane.call("POST", at, body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: "request-invalid" });
    }
    expect(await (await plane.call("PUT", "/applications/Shop", { target: "docker" })).json()).toMatchObject({ code: "name-invalid" });
    expect((await plane.call("GET", pathOf("nothing"))).status).toBe(404);
  });
});
