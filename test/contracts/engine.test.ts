import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import {
  EngineError,
  type ContainerRequest,
  type Engine,
  type EngineContainer,
  type EngineLogLine,
} from "../../src/control-plane/engine/engine.ts";
import type { Script } from "../fakes/fake-engine.ts";
import { fakeWorld, realWorld, type EngineWorld } from "./engine-worlds.ts";

const real = await realWorld();
if (typeof real === "string") process.stderr.write(`The contract of the engine is held to the fake only: ${real}.\n`);
const worlds: readonly (readonly [string, () => EngineWorld])[] = [
  ["fake engine", fakeWorld],
  ...(typeof real === "string" ? [] : [["real engine", () => real] as const]),
];

describe.each(worlds)("%s", (_name, makeWorld) => {
  const world = makeWorld();
  const { engine } = world;
  const run = `contract-${randomBytes(4).toString("hex")}`;
  const labels = { "copilot.contract": run };

  afterEach(async () => {
    const containers = await engine.listContainers(labels);
    await Promise.all(containers.map((container) => engine.removeContainer(container.id)));
    const [networks, volumes] = await Promise.all([engine.listNetworks(labels), engine.listVolumes(labels)]);
    await Promise.all([
      ...networks.map((network) => engine.removeNetwork(network.name)),
      ...volumes.map((volume) => engine.removeVolume(volume.name)),
    ]);
  });

  async function create(name: string, script: Script, over: Partial<ContainerRequest> = {}): Promise<string> {
    const program = await world.program(script);
    return engine.createContainer({ name: `${run}-${name}`, labels, network: { kind: "none" }, restart: "no", ...program, ...over });
  }

  test("a container goes from created to running to exited, and keeps its exit code and log", async () => {
    const id = await create("life", { writes: ["one", "two"], exits: { after: 50, code: 3 } });
    expect(await engine.inspectContainer(id)).toMatchObject({ id, state: "created", health: "none", labels, addresses: {} });
    expect((await engine.inspectContainer(id))?.exitCode).toBeUndefined();
    await engine.startContainer(id);
    const ended = await untilState(engine, id, (container) => container.state === "exited");
    expect(ended).toMatchObject({ exitCode: 3 });
    expect((await linesOf(engine, id)).map((line) => line.message)).toEqual(["one", "two"]);
    expect((await linesOf(engine, id, 1)).map((line) => line.message)).toEqual(["two"]);
    expect(await engine.waitContainer(id)).toBe(3);
  });

  test("a name is taken until its container is removed", async () => {
    const id = await create("name", {});
    await expect(create("name", {})).rejects.toMatchObject({ status: 409 });
    await engine.removeContainer(id);
    await engine.removeContainer(id);
    expect(await engine.inspectContainer(id)).toBeUndefined();
    expect(await create("name", {})).not.toBe(id);
  });

  test("an image that is not there is refused by name", async () => {
    const refused = create("no-image", {}, { image: "copilot-contract/no-such-image:1" });
    await expect(refused).rejects.toBeInstanceOf(EngineError);
    await expect(refused).rejects.toMatchObject({ status: 404 });
    expect(await engine.inspectImage("copilot-contract/no-such-image:1")).toBeUndefined();
  });

  test("stopping asks first, and stopping or killing what has ended changes nothing", async () => {
    const id = await create("stop", { writes: ["up"] });
    await engine.startContainer(id);
    await engine.startContainer(id);
    await untilLines(engine, id, 1);
    await engine.stopContainer(id, 5);
    expect(await engine.inspectContainer(id)).toMatchObject({ state: "exited", exitCode: 143 });
    await engine.stopContainer(id, 5);
    await engine.killContainer(id, "SIGKILL");
    expect(await engine.inspectContainer(id)).toMatchObject({ state: "exited", exitCode: 143 });
  });

  test.each(["healthy", "unhealthy"] as const)("a health check makes a container %s, and it is told by an event", async (status) => {
    const closing = new AbortController();
    const actions: string[] = [];
    const following = follow(engine, closing.signal, (action) => actions.push(action));
    const id = await create(status, { health: { after: 100, status } });
    await engine.startContainer(id);
    await untilState(engine, id, (container) => container.health === status);
    await expect.poll(() => actions).toContain(`health_status: ${status}`);
    closing.abort();
    await following.catch(() => undefined);
  });

  test("a container that has not been checked yet is starting", async () => {
    const id = await create("unchecked", { health: { after: 600_000, status: "healthy" } });
    await engine.startContainer(id);
    expect((await engine.inspectContainer(id))?.health).toBe("starting");
  });

  test("containers that share a namespace need its owner to run, and have no address of their own", async () => {
    await engine.createNetwork({ name: run, labels });
    await expect(engine.createNetwork({ name: run, labels })).rejects.toMatchObject({ status: 409 });
    const holder = await create("holder", {}, { network: { kind: "network", name: run } });
    const member = await create("member", {}, { network: { kind: "container", containerId: holder } });
    await expect(engine.startContainer(member)).rejects.toMatchObject({ status: 409 });
    await engine.startContainer(holder);
    await engine.startContainer(member);
    expect((await engine.inspectContainer(holder))?.addresses[run]).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect((await engine.inspectContainer(member))?.addresses).toEqual({});
    await expect(engine.removeNetwork(run)).rejects.toMatchObject({ status: 403 });
    await engine.killContainer(holder, "SIGKILL");
    await untilState(engine, holder, (container) => container.state === "exited" && Object.keys(container.addresses).length === 0);
    await engine.removeNetwork(run);
    await engine.removeNetwork(run);
    expect(await engine.inspectNetwork(run)).toBeUndefined();
  });

  test("volumes are made once and selected by label", async () => {
    const first = await engine.createVolume(`${run}-v`, labels);
    expect(await engine.createVolume(`${run}-v`, labels)).toMatchObject({ name: first.name, mountpoint: first.mountpoint });
    const user = await create("volume", {}, { mounts: [{ kind: "volume", source: `${run}-v`, target: "/v", readOnly: false }] });
    await expect(engine.removeVolume(`${run}-v`)).rejects.toMatchObject({ status: 409 });
    expect((await engine.listVolumes(labels)).map((volume) => volume.name)).toEqual([`${run}-v`]);
    await engine.removeContainer(user);
    await engine.removeVolume(`${run}-v`);
    await engine.removeVolume(`${run}-v`);
    expect(await engine.listVolumes(labels)).toEqual([]);
  });
});

async function linesOf(engine: Engine, id: string, tail?: number): Promise<readonly EngineLogLine[]> {
  const lines: EngineLogLine[] = [];
  for await (const line of engine.containerLogs(id, tail === undefined ? {} : { tail })) lines.push(line);
  return lines;
}

async function untilLines(engine: Engine, id: string, count: number): Promise<void> {
  await expect.poll(async () => (await linesOf(engine, id)).length).toBeGreaterThanOrEqual(count);
}

async function untilState(engine: Engine, id: string, is: (container: EngineContainer) => boolean): Promise<EngineContainer> {
  let last: EngineContainer | undefined;
  await expect
    .poll(async () => {
      last = await engine.inspectContainer(id);
      return last !== undefined && is(last);
    })
    .toBe(true);
  if (!last) throw new Error("The container is gone.");
  return last;
}

async function follow(engine: Engine, signal: AbortSignal, hear: (action: string) => void): Promise<void> {
  for await (const event of engine.events({ signal })) hear(event.action);
}
