import { expect, test } from "vitest";
import { FakeEngine } from "../../../test/fakes/fake-engine.ts";
import { EngineError } from "../engine/engine.ts";
import { EnvironmentNetworks, removeUnusedNetworks } from "./environment-networks.ts";

const key = { application: "shop", environment: "test" };

/** An engine that believes that somebody is in every network, until it is restarted. */
class MiscountingEngine extends FakeEngine {
  isRestarted = false;

  override removeNetwork(name: string): Promise<void> {
    if (this.isRestarted) return super.removeNetwork(name);
    return Promise.reject(new EngineError(403, `error while removing network: network ${name} has active endpoints`));
  }
}

test("a network in which the engine counts somebody who is not there is left, taken again, and removed after the engine's restart", async () => {
  const engine = new MiscountingEngine();
  const networks = new EnvironmentNetworks(engine, "test");
  const { networkName } = await networks.ensure(key);
  await networks.remove(key);
  expect(await networks.ensure(key)).toMatchObject({ networkName });
  await networks.remove(key);
  engine.isRestarted = true;
  await removeUnusedNetworks(engine, "test", () => true);
  expect(await engine.inspectNetwork(networkName)).toBeDefined();
  await removeUnusedNetworks(engine, "test", () => false);
  expect(await engine.inspectNetwork(networkName)).toBeUndefined();
});

test("a container of somebody else in a network is named", async () => {
  const engine = new FakeEngine();
  engine.addImage("tool:1", {});
  const networks = new EnvironmentNetworks(engine, "test");
  const { networkName } = await networks.ensure(key);
  const network = { kind: "network", name: networkName } as const;
  const id = await engine.createContainer({ name: "debugger", image: "tool:1", labels: {}, network, restart: "no" });
  await engine.startContainer(id);
  await expect(networks.remove(key)).rejects.toMatchObject({ code: "network-in-use", message: expect.stringContaining("debugger") });
  await engine.removeContainer(id);
  await networks.remove(key);
  expect(await engine.inspectNetwork(networkName)).toBeUndefined();
});
