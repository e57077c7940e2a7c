import { createHash } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { engineSocket, readEngineEndpoint, toEndpoint } from "./engine-endpoint.ts";

describe("the engine that docker would use", () => {
  let home = "";
  const read = (variables: NodeJS.ProcessEnv) => readEngineEndpoint({ variables, home, platform: "linux" });

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "endpoint-"));
    const folder = join(home, ".docker/contexts/meta", createHash("sha256").update("far").digest("hex"));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "meta.json"), JSON.stringify({ Name: "far", Endpoints: { docker: { Host: "ssh://me@far" } } }));
  });

  it("is the machine's own socket where nothing is set", async () => {
    expect(await read({})).toEqual({ host: "unix:///var/run/docker.sock", local: true });
  });

  it("follows DOCKER_HOST before any context", async () => {
    expect(await read({ DOCKER_HOST: "tcp://10.0.0.1:2375", DOCKER_CONTEXT: "far" })).toEqual({
      host: "tcp://10.0.0.1:2375",
      local: false,
    });
  });

  it("follows DOCKER_CONTEXT, and the current context of the settings", async () => {
    expect(await read({ DOCKER_CONTEXT: "far" })).toEqual({ host: "ssh://me@far", local: false });
    await writeFile(join(home, ".docker/config.json"), JSON.stringify({ currentContext: "far" }));
    expect(await read({})).toEqual({ host: "ssh://me@far", local: false });
    expect(await read({ DOCKER_CONTEXT: "default" })).toEqual({ host: "unix:///var/run/docker.sock", local: true });
  });

  it("counts loopback addresses as local", () => {
    expect(toEndpoint("tcp://127.0.0.1:2375").local).toBe(true);
    expect(toEndpoint("tcp://127.0.0.1.example.com:2375").local).toBe(false);
  });

  it("mounts the socket that the engine's own host has", () => {
    const own = toEndpoint("unix:///run/user/1000/docker.sock");
    expect(engineSocket(own, "linux", "Debian GNU/Linux 12")).toBe("/run/user/1000/docker.sock");
    expect(engineSocket(own, "linux", "Docker Desktop")).toBe("/var/run/docker.sock");
    expect(engineSocket(toEndpoint("ssh://me@far"), "linux", "Debian")).toBe("/var/run/docker.sock");
  });
});
