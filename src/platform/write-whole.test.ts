import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder, writeWhole } from "./write-whole.ts";

function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "write-whole-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("of several writers at once one wins, whole, and no draft stays", async () => {
  const folder = makeScratch();
  const file = join(folder, "a", "b.json");
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
  await Promise.all(texts.map((text) => writeWhole(file, text)));
  expect(texts).toContain(readFileSync(file, "utf8"));
  expect(readdirSync(join(folder, "a"))).toEqual(["b.json"]);
});

test("a write that is refused leaves what was there, and no draft", async () => {
  const folder = makeScratch();
  mkdirSync(join(folder, "taken"));
  writeFileSync(join(folder, "taken", "inside"), "kept");
  await expect(writeWhole(join(folder, "taken"), "x")).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(["taken"]);
  expect(readFileSync(join(folder, "taken", "inside"), "utf8")).toBe("kept");
});

test("a link leads to the same file as before, which has the new text", async () => {
  const folder = makeScratch();
  writeFileSync(join(folder, "file"), "old");
  symlinkSync("file", join(folder, "link"));
  await writeWhole(join(folder, "link"), "new");
  expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("new");
});

test("what is private is its owner's alone", async (context) => {
  if (process.platform === "win32") context.skip("Windows has no such modes");
  const folder = makeScratch();
  const file = join(folder, "keys", "token");
  await writeWhole(file, "secret", { isPrivate: true, isLasting: true });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "keys")).mode & 0o777).toBe(0o700);
});

test("a folder that the system does not let be made is refused, though it says that something is missing", async (context) => {
  if (process.platform !== "linux") context.skip("only Linux has /proc");
  await expect(makeFolder("/proc/nope/deeper")).rejects.toThrow(/ENOENT/);
});
