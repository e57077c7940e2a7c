import { randomBytes } from "node:crypto";
import { access, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type BootstrapDependencies } from "../../src/targets/docker/approach.ts";
import { openControlPlane } from "../../src/targets/docker/bootstrap.ts";
import { startControlPlane } from "../../src/targets/docker/control-plane-container.ts";
import { dockerCommand, dockerProcess } from "../../src/targets/docker/docker-command.ts";
import { readEngineEndpoint } from "../../src/targets/docker/engine-endpoint.ts";
import { toInstanceNames } from "../../src/targets/docker/instance-names.ts";
import { removeControlPlane } from "../../src/targets/docker/remove-control-plane.ts";

/** A control plane that only says who it is. */
const program = (note: string): string => `// ${note}
import { createServer } from "node:http"; import { connect } from "node:net"; import fs from "node:fs";
const { COPILOT_CP_PORT: port, COPILOT_CP_BUILD: build, COPILOT_CP_INSTANCE: instance } = process.env;
if (process.argv[2] === "connect") { const socket = connect(port, "127.0.0.1"); process.stdin.pipe(socket); socket.pipe(process.stdout); }
else {
  if (!fs.existsSync("/state/token")) fs.writeFileSync("/state/token", "token-" + Math.random(), { mode: 0o600 });
  const token = fs.readFileSync("/state/token", "utf8");
  process.on("SIGTERM", () => process.exit(0));
  createServer((call, answer) => {
    if (call.headers.authorization !== "Bearer " + token) answer.statusCode = 401;
    answer.end(JSON.stringify({ protocol: 1, build, instance, engine: { id: "E", version: "1", name: "n" } }));
  }).listen(port, "0.0.0.0");
}
`;

const names = toInstanceNames(`boot-${randomBytes(3).toString("hex")}`);
let folder = "";
let calls = 0;

const dependencies = (note: string, changes: Partial<BootstrapDependencies> = {}): BootstrapDependencies => {
  const variables = { ...process.env, ...inject("environment"), ...changes.variables, COPILOT_INSTANCE: names.instance };
  const docker = dockerCommand(variables);
  return {
    docker: (args, call) => {
      calls++;
      return docker(args, call);
    },
    dockerProcess: dockerProcess(variables),
    home: folder,
    settingsDirectory: join(folder, "settings"),
    programFile: join(folder, `${note}.js`),
    version: "1.0.0",
    machine: { platform: process.platform, architecture: process.arch, nodeProgram: process.execPath },
    tell: () => undefined,
    ...changes,
    variables,
  };
};

/** Build of the control plane that was found or started, and the docker commands that took. */
async function open(of: BootstrapDependencies): Promise<{ readonly build: string; readonly commands: number }> {
  calls = 0;
  const connection = await openControlPlane(of);
  connection.close();
  return { build: connection.info.build, commands: calls };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bootstrap-"));
  for (const note of ["one", "two"]) await writeFile(join(folder, `${note}.js`), program(note));
});

afterAll(async () => {
  await removeControlPlane(dependencies("one"));
  await rm(folder, { recursive: true, force: true });
});

describe("the control plane", () => {
  it("is started by several commands at once as one, and then found without running docker", async () => {
    const opened = await Promise.all([open(dependencies("one")), open(dependencies("one")), open(dependencies("one"))]);
    expect(new Set(opened.map(({ build }) => build)).size).toBe(1);
    expect((await open(dependencies("one"))).commands).toBe(0);
    const [record = ""] = await readdir(join(folder, "settings/engines"));
    expect((await stat(join(folder, "settings/engines", record))).mode & 0o777).toBe(0o600);
  });

  it("makes way for another build, but not for that of an older version", async () => {
    const before = await open(dependencies("one"));
    const replaced = await open(dependencies("two"));
    expect(replaced.build).not.toBe(before.build);
    expect((await open(dependencies("one", { version: "0.9.0" }))).build).toBe(replaced.build);
  });

  it("is found again when its record is lost", async () => {
    await open(dependencies("two"));
    await rm(join(folder, "settings"), { recursive: true });
    const found = await open(dependencies("two"));
    expect(found.commands).toBeGreaterThan(0);
    expect((await open(dependencies("two"))).commands).toBe(0);
  });

  it("is refused, and nothing is made in its place, where the engine's socket is missing", async () => {
    const socket = join(folder, "missing.sock");
    const lost = { ...names, controlPlane: `${names.controlPlane}-lost` };
    const program = {
      programFile: join(folder, "one.js"),
      build: "b",
      version: "1.0.0",
      baseImage: "node:slim",
      ingressImage: "node:slim",
    };
    const start = startControlPlane(dependencies("one").docker, { ...program, names: lost, socket }, 20_000);
    await expect(start).rejects.toMatchObject({ code: "engine-refused", message: expect.stringContaining(socket) });
    await expect(access(socket)).rejects.toThrow("ENOENT");
  });

  it("is reached through docker on an engine elsewhere", async (context) => {
    const { host } = await readEngineEndpoint({ variables: process.env, home: folder, platform: process.platform });
    const own = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === "IPv4" && !address.internal)?.address;
    if (!host.startsWith("unix://") || own === undefined)
      return context.skip("the engine has no socket here, or this machine no address but loopback");
    const relay: Server = createServer({ allowHalfOpen: true }, (socket) => {
      const engine = connect({ path: host.slice("unix://".length), allowHalfOpen: true });
      socket.pipe(engine).pipe(socket);
      socket.on("error", () => engine.destroy()).on("close", () => engine.destroy());
      engine.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(0, own, resolve));
    const address = relay.address();
    const port = typeof address === "object" ? address?.port : 0;
    const elsewhere = { ...process.env, DOCKER_HOST: `tcp://${own}:${port}` };
    const { build } = await open(dependencies("two", { variables: elsewhere, settingsDirectory: join(folder, "elsewhere") }));
    expect(build).toBe((await open(dependencies("two"))).build);
    relay.close();
  });

  it("leaves nothing when it is removed", async () => {
    const of = dependencies("two");
    await removeControlPlane(of);
    const kinds = [
      ["container", "ls", "--all"],
      ["network", "ls"],
      ["volume", "ls"],
    ];
    for (const kind of kinds) {
      const { stdout } = await of.docker([...kind, "--quiet", "--filter", `label=copilot.instance=${names.instance}`]);
      expect(stdout).toBe("");
    }
    expect(await readdir(join(folder, "settings/engines"))).toEqual([]);
  });
});
