import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import { Application, docker, echoManifest, echoService, eventually, get, leftovers } from "./application.ts";
import { readEngineEndpoint } from "../../src/targets/docker/engine-endpoint.ts";
import { HeldEngine } from "./held-engine.ts";

/** What a command that was started wrote, and how it ends. */
function watch(child: ChildProcess): { readonly text: () => string; readonly ended: Promise<number | null> } {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { text: () => text, ended: new Promise((resolve) => child.on("close", resolve)) };
}

const containersOf = (application: Application, container: string): string[] =>
  docker("ps", "--quiet", "--filter", `label=copilot.application=${application.name}`, "--filter", `label=copilot.container=${container}`);

const slowJob = {
  "copilot/count/manifest.yml":
    'name: count\ntype: Scheduled Job\nimage: {build: count/Dockerfile}\non: {schedule: "none"}\ncpu: 256\nmemory: 128\nretries: 3\n',
  "count/Dockerfile": 'FROM node:slim\nCOPY job.mjs /job.mjs\nCMD ["node", "/job.mjs"]\n',
  "count/job.mjs": 'process.on("SIGTERM", () => process.exit(0));\nconsole.log("counting");\nsetTimeout(() => undefined, 600_000);\n',
};

describe("a deletion", () => {
  test("of an application ends the run of its job, and leaves nothing", async () => {
    const application = new Application(slowJob);
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const run = watch(application.start(["job", "run", "--name", "count", "--env", "test", "--follow"]));
    await eventually(
      async () => containersOf(application, "count").flatMap((id) => docker("logs", id)),
      (lines) => lines.includes("counting"),
    );
    await application.copilot(["app", "delete", "--yes"]);
    expect(leftovers(application.name)).toEqual([]);
    expect(await run.ended).toBe(1);
    expect(run.text()).toMatch(/job count: .*(stopped|deleted|gone)/);
  });

  test("that meets a volume in use says who uses it, and goes on when asked again", async () => {
    const application = new Application(echoService("web", "storage:\n  volumes:\n    data: {path: /data, efs: true}\n"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const [volume = ""] = docker("volume", "ls", "--quiet", "--filter", `label=copilot.application=${application.name}`);
    const holder = `holder-of-${application.name}`;
    docker("run", "--detach", "--name", holder, "--volume", `${volume}:/data`, "node:slim", "sleep", "600");
    onTestFinished(() => docker("ps", "--all", "--quiet", "--filter", `name=${holder}`).forEach((id) => docker("rm", "--force", id)));
    const { stderr } = await application.copilot(["app", "delete", "--yes"], { code: 1 });
    expect(stderr).toContain(volume);
    expect(stderr).toContain(holder);
    docker("rm", "--force", holder);
    await application.copilot(["app", "delete", "--yes"]);
    expect(leftovers(application.name)).toEqual([]);
  });
});

describe("Ctrl-C in deploy --all", () => {
  test("while images are built leaves nothing running", async () => {
    const application = new Application(echoService("web"));
    application.write({ "web/Dockerfile": "FROM node:slim\nRUN sleep 60\n" });
    await application.withEnvironment();
    const child = application.start(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const deployment = watch(child);
    await eventually(
      async () => deployment.text(),
      (text) => text.includes("Build image"),
    );
    child.kill("SIGINT");
    expect(await deployment.ended).toBe(130);
    expect(containersOf(application, "web")).toEqual([]);
    application.write(echoService("web"));
    await application.copilot(["deploy", "--all", "--env", "test"]);
    expect((await get(await application.url("web"))).status).toBe(200);
  });

  test("in a later group keeps what the groups before deployed, undoes its own, and says what was not begun", async () => {
    const stuck = echoManifest("stuck", "", "Backend Service").replace(
      "image:",
      "image:\n  healthcheck: {command: [CMD, 'false'], interval: 5s, retries: 10}",
    );
    const application = new Application({
      ...echoService("web"),
      ...echoService("stuck", "", "Backend Service"),
      ...echoService("late", "", "Backend Service"),
      "copilot/stuck/manifest.yml": stuck,
    });
    await application.withEnvironment();
    const child = application.start(["deploy", "-n", "web/1", "-n", "stuck/2", "-n", "late/3", "--init-wkld", "--env", "test"]);
    const deployment = watch(child);
    await eventually(
      async () => containersOf(application, "stuck").flatMap((id) => docker("logs", id)),
      (lines) => lines.some((line) => line.startsWith("listening")),
      60,
    );
    child.kill("SIGINT");
    expect(await deployment.ended).toBe(130);
    expect(deployment.text()).toContain("was cancelled. Nothing runs: there was no earlier version.");
    expect(deployment.text()).toContain("1 more workload was not begun.");
    expect((await get(await application.url("web"))).status).toBe(200);
    await eventually(
      async () => containersOf(application, "stuck"),
      (containers) => containers.length === 0,
    );
    expect(containersOf(application, "late")).toEqual([]);
  });
});

describe("Ctrl-C while the control plane starts", () => {
  test("ends the command without doing anything more, and the next one works", async (context) => {
    const { host } = await readEngineEndpoint({ variables: process.env, home: homedir(), platform: process.platform });
    if (!host.startsWith("unix://")) return context.skip("the engine has no socket here to stand before");
    const application = new Application();
    const instance = `interrupted-${randomBytes(3).toString("hex")}`;
    const engine = await HeldEngine.before(host.slice("unix://".length));
    const variables = { COPILOT_INSTANCE: instance, DOCKER_HOST: engine.host };
    onTestFinished(async () => {
      await engine.close();
      const ids = docker("ps", "--all", "--quiet", "--filter", `label=copilot.instance=${instance}`);
      if (ids.length > 0) docker("rm", "--force", ...ids);
      for (const kind of ["volume", "network"]) {
        const names = docker(kind, "ls", "--quiet", "--filter", `label=copilot.instance=${instance}`);
        if (names.length > 0) docker(kind, "rm", ...names);
      }
    });
    const child = application.start(["app", "init", application.name, "--target", "docker"], variables);
    const command = watch(child);
    await engine.held;
    expect(docker("ps", "--all", "--quiet", "--filter", `label=copilot.instance=${instance}`)).toHaveLength(1);
    child.kill("SIGINT");
    engine.release();
    expect(await command.ended).toBe(130);
    expect(command.text()).not.toContain("Created");
    expect(application.listing()).toEqual([]);
    const { stderr } = await application.copilot(["app", "init", application.name, "--target", "docker"], { variables });
    expect(stderr).toContain(`Created the application ${application.name}`);
    await application.copilot(["app", "delete", "--yes"], { variables });
  });
});

describe("two terminals", () => {
  test("that deploy the same service at once queue: both end well, and one version serves", async () => {
    const application = new Application(echoService("web"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    application.write({ "copilot/web/manifest.yml": echoManifest("web", "variables:\n  VERSION: two\n") });
    const deploy = (): Promise<{ readonly stderr: string }> => application.copilot(["svc", "deploy", "--name", "web", "--env", "test"]);
    const both = await Promise.all([deploy(), deploy()]);
    const texts = both.map(({ stderr }) => stderr).toSorted((a, b) => Number(b.includes("Deployed")) - Number(a.includes("Deployed")));
    expect(texts[0]).toContain("Deployed service web (revision 2)");
    expect(texts[1]).toContain("nothing changed since revision 2");
    expect((await get(await application.url("web"))).body).toContain("version two");
    await eventually(
      async () => containersOf(application, "web"),
      (containers) => containers.length === 1,
    );
  });
});
