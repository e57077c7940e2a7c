import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nodeFiles } from "./files.ts";

function folderWith(files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "copilot-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of files) writeFileSync(join(folder, file), "");
  return folder;
}

test("a file where a folder has to be is told with its name", async () => {
  const folder = folderWith(["out"]);
  const path = join(folder, "out", "a.yml");
  const refusal = { name: "Problem", code: "file-failed", message: expect.stringContaining(`write ${path}: `) };
  await expect(nodeFiles.write(path, "x")).rejects.toMatchObject(refusal);
  await expect(nodeFiles.create(path, "x")).rejects.toMatchObject(refusal);
});

test("what the system does not let be made is told", async (context) => {
  if (process.platform !== "linux") context.skip("only Linux has /proc");
  const refusal = { name: "Problem", code: "file-failed", message: expect.stringContaining("write /proc/nope/a.yml: ") };
  await expect(nodeFiles.write("/proc/nope/a.yml", "x")).rejects.toMatchObject(refusal);
  await expect(nodeFiles.create("/proc/nope/a.yml", "x")).rejects.toMatchObject(refusal);
});

test("a folder where a file has to be is told with its name", async () => {
  const folder = folderWith([]);
  mkdirSync(join(folder, "manifest.yml"));
  const path = join(folder, "manifest.yml");
  const refusal = { name: "Problem", code: "file-failed", message: expect.stringContaining(`read ${path}: `) };
  await expect(nodeFiles.readText(path)).rejects.toMatchObject(refusal);
  expect(() => nodeFiles.readTextNow(path)).toThrow(`read ${path}: `);
});

test("what is not there is none", async () => {
  const folder = folderWith(["out"]);
  expect(await nodeFiles.readText(join(folder, "none"))).toBeUndefined();
  expect(await nodeFiles.readText(join(folder, "out", "none"))).toBeUndefined();
  expect(await nodeFiles.list(join(folder, "none"))).toEqual([]);
});
