import { expect, test } from "vitest";
import { CommandBench, webManifest } from "../../../../test/fakes/fake-context.ts";

async function deployed(): Promise<CommandBench> {
  const bench = new CommandBench({ "copilot/web/manifest.yml": webManifest("web") });
  await bench.withEnvironment();
  await bench.run(["deploy", "--all", "--env", "test"]);
  return bench;
}

const at = ["--name", "web", "--env", "test"];

test("a service is paused once somebody is sure, shown as such, and resumed", async () => {
  const bench = await deployed();
  expect((await bench.run(["svc", "pause", ...at], 1)).stderr).toContain("--yes");
  expect((await bench.run(["svc", "pause", ...at, "--yes"])).stderr).toContain("Run `copilot svc resume --name web --env test`");
  expect((await bench.run(["svc", "status", ...at])).stdout).toContain("`copilot svc resume` lets it run again");
  expect(JSON.parse((await bench.run(["svc", "status", ...at, "--json"])).stdout)).toMatchObject({ Service: { status: "PAUSED" } });
  expect((await bench.run(["svc", "resume", ...at])).stderr).toContain("Resumed service web in test.");
  expect((await bench.run(["svc", "resume", ...at])).stderr).toContain("it was not paused");
});

test("programs get lines of JSON", async () => {
  const bench = await deployed();
  const last = (text: string): unknown => JSON.parse(text.trim().split("\n").at(-1) ?? "");
  expect(last((await bench.run(["svc", "pause", ...at, "--yes", "--json"])).stdout)).toEqual({
    type: "result",
    paused: "web",
    environment: "test",
  });
  expect(last((await bench.run(["svc", "resume", ...at, "--json"])).stdout)).toMatchObject({ outcome: { kind: "deployed" } });
});
