import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { Application, docker, echoManifest, echoService, eventually, get } from "./application.ts";

const controlPlane = (): string => {
  const [id] = docker(
    "ps",
    "--filter",
    `label=copilot.instance=${inject("environment")["COPILOT_INSTANCE"] ?? ""}`,
    "--filter",
    "label=copilot.role=control-plane",
    "--format",
    "{{.ID}}",
  );
  if (id === undefined) throw new Error("no control plane runs");
  return id;
};

describe("faults", () => {
  test("a control plane killed in the middle of a deployment goes on, and the old version serves until the new one does", async () => {
    const application = new Application(echoService("web", "variables:\n  VERSION: old\n"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");

    application.write({ "copilot/web/manifest.yml": echoManifest("web", "variables:\n  VERSION: new\n") });
    const deployment = application.start(["svc", "deploy", "--name", "web", "--env", "test"]);
    await eventually(
      async () =>
        docker(
          "ps",
          "--all",
          "--filter",
          `label=copilot.application=${application.name}`,
          "--filter",
          "label=copilot.container=web",
          "--format",
          "{{.ID}}",
        ),
      (containers) => containers.length > 1,
    );
    docker("kill", "--signal", "KILL", controlPlane());
    deployment.kill("SIGKILL");
    const answer = await eventually(
      () => get(url),
      ({ body }) => body.includes("version new") || body.includes("version old"),
    );
    expect(answer.status).toBe(200);
    await application.copilot(["svc", "deploy", "--name", "web", "--env", "test"]);
    await eventually(
      () => get(url),
      ({ body }) => body.includes("version new"),
    );
    const running = docker(
      "ps",
      "--filter",
      `label=copilot.application=${application.name}`,
      "--filter",
      "label=copilot.container=web",
      "--format",
      "{{.ID}}",
    );
    expect(running).toHaveLength(1);
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(!isRoot)(
    `an engine killed comes back with everything as last accepted${isRoot ? "" : " (skipped: starting an engine of its own needs root)"}`,
    async () => {
      const engine = new Engine();
      onTestFinished(() => engine.remove());
      await engine.start();
      const variables = { DOCKER_HOST: engine.host, XDG_CONFIG_HOME: join(engine.folder, "config") };
      execFileSync(process.execPath, ["--import", "tsx", "scripts/base-images.ts"], {
        env: { ...process.env, ...inject("environment"), ...variables },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const application = new Application(echoService("web", "variables:\n  VERSION: kept\n"));
      const copilot = (...args: string[]) => application.copilot(args, { variables });
      await copilot("app", "init", application.name, "--target", "docker");
      await copilot("env", "init", "--name", "test", "--default-config");
      await copilot("env", "deploy", "--name", "test");
      await copilot("deploy", "--all", "--init-wkld", "--env", "test");
      const { stdout } = await copilot("svc", "show", "--name", "web", "--json");
      const { routes } = JSON.parse(stdout) as { routes: [{ url: string }] };

      await engine.kill();
      await engine.start();
      const answer = await eventually(
        () => get(routes[0].url),
        ({ status }) => status === 200,
        90,
      );
      expect(answer.body).toContain("version kept");
      await copilot("app", "delete", "--yes");
    },
    300_000,
  );
});

/** A Docker engine of its own, so that a test may kill it. */
class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), "copilot-engine-"));
  readonly host = `unix://${join(this.folder, "docker.sock")}`;
  readonly #bridge = `cp${process.pid.toString(36)}`;
  #process: ChildProcess | undefined;

  async start(): Promise<void> {
    try {
      execFileSync("ip", ["link", "show", this.#bridge], { stdio: "ignore" });
    } catch {
      execFileSync("ip", ["link", "add", this.#bridge, "type", "bridge"]);
      execFileSync("ip", ["address", "add", "10.254.77.1/24", "dev", this.#bridge]);
      execFileSync("ip", ["link", "set", this.#bridge, "up"]);
    }
    const log = openSync(join(this.folder, "log"), "a");
    const options = [
      "--data-root",
      join(this.folder, "data"),
      "--exec-root",
      join(this.folder, "exec"),
      "--pidfile",
      join(this.folder, "pid"),
    ];
    this.#process = spawn("dockerd", ["--host", this.host, "--bridge", this.#bridge, ...options], { stdio: ["ignore", log, log] });
    await eventually(
      async () =>
        execFileSync("docker", ["--host", this.host, "version", "--format", "{{.Server.Version}}"], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        }),
      (version) => version.trim() !== "",
      60,
    );
  }

  kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running) return Promise.resolve();
    return new Promise((resolve) => {
      running.once("exit", () => resolve());
      running.kill(signal);
    });
  }

  async remove(): Promise<void> {
    const ids = execFileSync("docker", ["--host", this.host, "ps", "--all", "--quiet"], { encoding: "utf8" }).split("\n").filter(Boolean);
    if (ids.length > 0) execFileSync("docker", ["--host", this.host, "rm", "--force", ...ids], { stdio: "ignore" });
    await this.kill("SIGTERM");
    execFileSync("ip", ["link", "delete", this.#bridge]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
