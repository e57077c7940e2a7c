import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { Application, bin, docker, echoManifest, echoService, eventually, get, timed } from "./application.ts";

const platformContainer = (role: string): string => {
  const [id] = docker(
    "ps",
    "--filter",
    `label=copilot.instance=${inject("environment")["COPILOT_INSTANCE"] ?? ""}`,
    "--filter",
    `label=copilot.role=${role}`,
    "--format",
    "{{.ID}}",
  );
  if (id === undefined) throw new Error(`no ${role} runs`);
  return id;
};

describe("faults", () => {
  test("a control plane killed in the middle of a deployment goes on, and the old version serves until the new one does", async () => {
    const application = new Application(echoService("web", "variables:\n  VERSION: old\n"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");

    application.write({ "copilot/web/manifest.yml": echoManifest("web", "variables:\n  VERSION: new\n") });
    const own = ["--filter", `label=copilot.application=${application.name}`, "--filter", "label=copilot.container=web"];
    const old = docker("ps", "--all", "--quiet", ...own);
    const deployment = application.start(["svc", "deploy", "--name", "web", "--env", "test"]);
    await eventually(
      async () => docker("ps", "--all", "--quiet", ...own),
      (containers) => containers.some((id) => !old.includes(id)),
    );
    docker("kill", "--signal", "KILL", platformContainer("control-plane"));
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
    await eventually(
      async () => docker("ps", "--quiet", ...own),
      (running) => running.length === 1,
    );
  });

  test("an ingress and a name server that someone killed come back by themselves", async () => {
    const application = new Application(echoService("web"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");
    for (const role of ["ingress", "discovery"]) {
      const killed = platformContainer(role);
      docker("kill", killed);
      await eventually(
        async () => docker("inspect", "--format", "{{.State.Running}}", killed),
        ([runs]) => runs === "true",
      );
    }
    await eventually(
      () => get(url),
      ({ status }) => status === 200,
    );
  });

  test("requests are answered again within three seconds after the ingress has died", async () => {
    const application = new Application(echoService("web"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");
    const ingress = platformContainer("ingress");
    docker("kill", ingress);
    const { took, pace } = await timed(() => firstAnswer(url));
    expect(took).toBeLessThan(Math.max(3_000, 5 * pace));
  });

  test("after a restart of every container one task serves, and none of the former ones runs on", async () => {
    const application = new Application(echoService("web"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");
    const own = ["--filter", `label=copilot.application=${application.name}`];
    const platform = ["control-plane", "ingress", "discovery"].map(platformContainer);
    // A container that its task's end takes along cannot be restarted any more: docker then complains, and goes on with the others.
    spawnSync("docker", ["restart", ...docker("ps", "--quiet", ...own), ...platform]);
    await eventually(
      () => get(url),
      ({ status }) => status === 200,
    );
    // A program that is asked to end while it starts may take its whole stop timeout.
    await eventually(
      async () => docker("ps", "--format", "{{.Names}}", ...own, "--filter", "label=copilot.role=member"),
      (running) => running.length === 1,
    );
  });

  const mayIsolate =
    process.getuid?.() === 0 && ["ip", "nsenter", "dockerd"].every((program) => spawnSync(program, ["--version"]).error === undefined);
  test.skipIf(!mayIsolate)(
    `an engine killed comes back with everything as last accepted${mayIsolate ? "" : " (skipped: an engine of its own needs root, ip, nsenter and dockerd)"}`,
    async () => {
      const engine = new Engine();
      onTestFinished(() => engine.remove());
      await engine.start();
      const variables = { ...inject("environment"), ...engine.variables };
      engine.run([process.execPath, "--import", "tsx", "scripts/base-images.ts"], { ...process.env, ...variables });
      const application = new Application(echoService("web", "variables:\n  VERSION: kept\n"));
      const copilot = (...args: string[]): string =>
        engine.run([process.execPath, bin, ...args], { ...process.env, ...variables }, application.folder);
      copilot("app", "init", application.name, "--target", "docker");
      copilot("env", "init", "--name", "test", "--default-config");
      copilot("env", "deploy", "--name", "test");
      copilot("deploy", "--all", "--init-wkld", "--env", "test");
      const { routes } = JSON.parse(copilot("svc", "show", "--name", "web", "--json")) as { routes: [{ url: string }] };
      const program = `fetch(${JSON.stringify(routes[0].url)}).then((answer) => answer.text()).then(console.log)`;
      const ask = async (): Promise<string> => engine.run([process.execPath, "-e", program], process.env);
      expect(await ask()).toContain("version kept");

      await engine.kill();
      await engine.start();
      const answer = await eventually(ask, (body) => body.includes("version"));
      expect(answer).toContain("version kept");
      copilot("app", "delete", "--yes");
    },
  );
});

/** Resolves with the first success of an address that is asked ten times a second: who meets a container half made may hang for long. */
async function firstAnswer(url: string): Promise<void> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  await new Promise<void>((resolve) => {
    const ask = (): void =>
      void fetch(url, { signal: over.signal }).then(
        ({ ok }) => ok && resolve(),
        () => undefined,
      );
    const clock = setInterval(ask, 100);
    over.signal.addEventListener("abort", () => clearInterval(clock));
  });
  over.abort();
}

/** A Docker engine in a network of its own, so that a test may kill it and its packet filter meets no other engine's. */
class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), "copilot-engine-"));
  readonly variables = { DOCKER_HOST: `unix://${join(this.folder, "docker.sock")}`, XDG_CONFIG_HOME: join(this.folder, "config") };
  readonly #network = `copilot-${process.pid}`;
  // Not `ip netns exec`: that mounts /sys anew, and the engine would miss its control groups.
  readonly #inside = `--net=/run/netns/${this.#network}`;
  #process: ChildProcess | undefined;

  constructor() {
    execFileSync("ip", ["netns", "add", this.#network]);
    this.run(["ip", "link", "set", "lo", "up"]);
  }

  /** Runs a program where the engine's loopback address is; answers what it printed. */
  run(args: readonly string[], environment: NodeJS.ProcessEnv = process.env, folder?: string): string {
    return execFileSync("nsenter", [this.#inside, ...args], {
      encoding: "utf8",
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(folder === undefined ? {} : { cwd: folder }),
    });
  }

  async start(): Promise<void> {
    const log = openSync(join(this.folder, "log"), "a");
    const options = [
      "--data-root",
      join(this.folder, "data"),
      "--exec-root",
      join(this.folder, "exec"),
      "--pidfile",
      join(this.folder, "pid"),
    ];
    const args = [this.#inside, "dockerd", "--host", this.variables.DOCKER_HOST, ...options];
    this.#process = spawn("nsenter", args, { stdio: ["ignore", log, log] });
    await eventually(
      async () => this.#docker("version", "--format", "{{.Server.Version}}"),
      (version) => version.trim() !== "",
    );
  }

  /** Ends the engine and waits until its containerd, which dies with it, is gone too: the next engine would take it for its own. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running) return;
    const containerd = readFileSync(join(this.folder, "exec", "containerd", "containerd.pid"), "utf8").trim();
    await new Promise<void>((resolve) => {
      running.once("exit", () => resolve());
      running.kill(signal);
    });
    await eventually(
      async () => existsSync(`/proc/${containerd}`),
      (alive) => !alive,
    );
  }

  async remove(): Promise<void> {
    const ids = this.#docker("ps", "--all", "--quiet").split("\n").filter(Boolean);
    if (ids.length > 0) this.#docker("rm", "--force", "--volumes", ...ids);
    await this.kill("SIGTERM");
    execFileSync("ip", ["netns", "delete", this.#network]);
    // An engine that was killed leaves its data folder mounted.
    spawnSync("umount", ["--recursive", "--lazy", join(this.folder, "data")]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #docker(...args: readonly string[]): string {
    return execFileSync("docker", args, {
      encoding: "utf8",
      env: { ...process.env, ...this.variables },
      stdio: ["ignore", "pipe", "ignore"],
    });
  }
}
