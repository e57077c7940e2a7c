import { expect, test } from "vitest";
import type { EngineContainer } from "../engine/engine.ts";
import { taskCondition } from "./task-condition.ts";
import { memberLabels, taskAddress, toTasks, type Task } from "./task.ts";

const common = {
  "copilot.task": "t1",
  "copilot.application": "shop",
  "copilot.environment": "test",
  "copilot.workload": "api",
  "copilot.revision": "2",
};

function container(
  name: string,
  over: Partial<EngineContainer> & { readonly essential?: boolean; readonly checked?: boolean } = {},
): EngineContainer {
  const { essential = true, checked = false, ...rest } = over;
  const labels = {
    ...common,
    "copilot.role": "member",
    "copilot.container": name,
    [memberLabels.essential]: String(essential),
    [memberLabels.checked]: String(checked),
  };
  return {
    id: name,
    name,
    labels,
    image: "i",
    imageId: "i",
    state: "running",
    health: "none",
    outOfMemory: false,
    addresses: {},
    startedAt: "2026-01-01T00:00:00Z",
    ...rest,
  };
}

function holder(members: string, over: Partial<EngineContainer> = {}): EngineContainer {
  const labels = { ...common, "copilot.role": "holder", "copilot.members": members };
  return { ...container("holder"), labels, addresses: { net: "10.0.0.2" }, ...over };
}

function task(...containers: readonly EngineContainer[]): Task {
  const [only] = toTasks(containers);
  if (!only) throw new Error("There is no task.");
  return only;
}

test("a task is starting until each of its containers was started", () => {
  expect(taskCondition(task(holder("api,db"), container("api")))).toEqual({ kind: "starting" });
  expect(taskCondition(task(holder("api,db"), container("api"), container("db", { state: "created" })))).toEqual({ kind: "starting" });
  expect(taskCondition(task(holder("api,db"), container("api"), container("db")))).toMatchObject({ kind: "running", health: "none" });
});

test("it ends with its first essential container, or with its network", () => {
  const first = container("db", { state: "exited", exitCode: 2, finishedAt: "2026-01-01T00:00:01Z" });
  const second = container("api", { state: "exited", exitCode: 1, finishedAt: "2026-01-01T00:00:02Z" });
  expect(taskCondition(task(holder("api,db"), second, first))).toEqual({
    kind: "ended",
    stop: { reason: "container db exited with 2", container: "db", exitCode: 2 },
  });
  const done = container("init", { essential: false, state: "exited", exitCode: 0 });
  expect(taskCondition(task(holder("api,init"), container("api"), done))).toMatchObject({ kind: "running" });
  expect(taskCondition(task(container("api")))).toMatchObject({ kind: "ended", stop: { reason: "its network container is gone" } });
  const hungry = container("api", { state: "exited", exitCode: 137, outOfMemory: true });
  expect(taskCondition(task(holder("api"), hungry))).toMatchObject({
    stop: { reason: expect.stringContaining("more memory than it has") },
  });
});

test("one that had ended stays ended, whatever of it was started again", () => {
  const stop = { reason: "container api exited with 143", container: "api", exitCode: 143 };
  expect(taskCondition({ ...task(holder("api"), container("api")), over: stop })).toEqual({ kind: "ended", stop });
});

test("a container is without network once its holder was started again", () => {
  const late = { ...holder("api"), startedAt: "2026-01-01T00:00:05Z" };
  expect(taskCondition(task(late, container("api")))).toMatchObject({
    kind: "ended",
    stop: { reason: "container api has lost its network, which was started again" },
  });
  expect(taskCondition(task(late, container("api", { startedAt: "2026-01-01T00:00:05.5Z" })))).toMatchObject({ kind: "running" });
});

test("it is as healthy as its essential containers with a check", () => {
  const health = (...containers: readonly EngineContainer[]): unknown => taskCondition(task(holder("api"), ...containers));
  const api = container("api");
  expect(health(api, container("db", { checked: true, health: "starting" }))).toMatchObject({ health: "starting" });
  expect(health(api, container("db", { checked: true, health: "healthy" }))).toMatchObject({ health: "healthy" });
  expect(health(api, container("db", { checked: true, health: "unhealthy" }))).toMatchObject({ health: "unhealthy" });
  expect(health(api, container("log", { essential: false, checked: true, health: "unhealthy" }))).toMatchObject({ health: "none" });
});

test("its address is the holder's while that runs", () => {
  expect(taskAddress(task(holder("api"), container("api")))).toBe("10.0.0.2");
  expect(taskAddress(task(holder("api", { state: "exited" }), container("api")))).toBeUndefined();
});
