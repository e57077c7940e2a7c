import { chownSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cacheFolder, isOwnFolder } from "./cache-folder.ts";

test("the folder is where the user's settings say, and in the home otherwise", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/cache" }, "/home/ada")).toBe("/cache/copilot");
  expect(cacheFolder({ XDG_CACHE_HOME: "" }, "/home/ada")).toBe("/home/ada/.cache/copilot");
  expect(cacheFolder({}, "/home/ada")).toBe("/home/ada/.cache/copilot");
});

test("a folder is one's own when it is there and not somebody else's", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "copilot-own-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(isOwnFolder(folder)).toBe(true);
  expect(isOwnFolder(join(folder, "missing"))).toBe(false);
  symlinkSync("circle", join(folder, "circle"));
  expect(isOwnFolder(join(folder, "circle"))).toBe(false);
  if (process.getuid?.() !== 0) context.skip("only root can give a folder to somebody else");
  chownSync(folder, 12345, 12345);
  expect(isOwnFolder(folder)).toBe(false);
});
