import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startControlPlane, type ControlPlaneStart } from "./control-plane-container.ts";
import type { DockerCommand, DockerResult } from "./docker-command.ts";
import { toInstanceNames } from "./instance-names.ts";

/** An engine that makes everything, and at which `docker container start` or `docker cp` ends as given. */
function dockerWhere(ends: { readonly start?: DockerResult; readonly cp?: DockerResult }): DockerCommand {
  return async ([noun = "", verb = ""]) => {
    if (noun === "cp" && ends.cp) return ends.cp;
    if (noun === "container" && verb === "start" && ends.start) return ends.start;
    return { code: 0, stdout: verb === "create" ? "c0ffee\n" : "", stderr: "" };
  };
}

function start(): ControlPlaneStart {
  const folder = mkdtempSync(join(tmpdir(), "copilot-program-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const programFile = join(folder, "control-plane.js");
  writeFileSync(programFile, "");
  const images = { baseImage: "base:1", ingressImage: "ingress:1" };
  return { names: toInstanceNames("test"), programFile, build: "b", version: "1.0.0", socket: "/var/run/docker.sock", ...images };
}

const refused = (stderr: string): DockerResult => ({ code: 1, stdout: "", stderr: `Error response from daemon: ${stderr}\n` });

test("a control plane that another command took away before it was started is looked for again", async () => {
  const cp = { code: 1, stdout: "", stderr: 'destination "c0ffee:/" must be a directory\n' };
  expect(await startControlPlane(dockerWhere({ cp }), start(), 20_000)).toBe("name-taken");
  expect(await startControlPlane(dockerWhere({ start: refused("No such container: c0ffee") }), start(), 20_000)).toBe("name-taken");
});

test("a port that is taken is another outcome than an engine that refuses", async () => {
  const taken = refused("driver failed programming external connectivity: Bind for 127.0.0.1:20000 failed: port is already allocated");
  expect(await startControlPlane(dockerWhere({ start: taken }), start(), 20_000)).toBe("port-taken");
  await expect(startControlPlane(dockerWhere({ start: refused("no space left") }), start(), 20_000)).rejects.toMatchObject({
    code: "engine-refused",
    message: expect.stringContaining("no space left"),
  });
});
