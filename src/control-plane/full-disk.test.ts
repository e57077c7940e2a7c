import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ControlPlaneOnFakes, serviceDocument } from "../../test/fakes/control-plane-on-fakes.ts";
import { mountSmallDisk } from "../../test/fakes/small-disk.ts";

/** Takes all that is left of the disk. */
function fill(disk: string): void {
  const block = Buffer.alloc(1024);
  try {
    for (let size = 1; ; size++) writeFileSync(join(disk, `ballast-${size}`), block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

test("on a full disk a deployment is refused with its reason, what runs goes on, and all works once there is room", async (context) => {
  const disk = mkdtempSync(join(tmpdir(), "full-disk-"));
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
  if (!mountSmallDisk(disk)) context.skip("mounting a small file system needs root on Linux");
  onTestFinished(() => void execFileSync("umount", [disk]));
  const plane = new ControlPlaneOnFakes(disk);
  onTestFinished(() => plane.remove());
  await plane.start();
  plane.engine.addImage("good:1", { health: { after: 20, status: "healthy" } });
  plane.engine.addImage("good:2", { health: { after: 20, status: "healthy" } });
  await plane.deploy(serviceDocument("api", "good:1"));

  fill(disk);
  // More than what is left of the journal's last page.
  const larger = serviceDocument("api", "good:2", { manifest: "x".repeat(10_000) });
  expect(await plane.deploy(larger)).toEqual({
    kind: "error",
    code: "disk-full",
    message: "Nothing was changed: the disk that the control plane writes to is full",
    hint: "docker system df",
  });
  expect(await plane.status("api")).toMatchObject({ runningCount: 1, deployment: { revision: 1, status: "deployed" } });

  execFileSync("find", [disk, "-name", "ballast-*", "-delete"]);
  expect(await plane.deploy(larger)).toMatchObject({ kind: "deployed", revision: 2 });
  await plane.end();
  await plane.start();
  expect(await plane.status("api")).toMatchObject({ deployment: { revision: 2, status: "deployed" } });
});
