import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../test/samples/folder.ts";
import { nodeProcesses } from "../platform/processes.ts";
import { commitTag } from "./commit-tag.ts";

test("images are named for a commit only when the folder is what was committed", async () => {
  const folder = folderWith({ "a.txt": "1" });
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=me", "-c", "user.email=me@example.com", ...args], { cwd: folder, encoding: "utf8" });
  expect(await commitTag(nodeProcesses, folder)).toBeUndefined();
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "one");
  const short = git("rev-parse", "--short", "HEAD").trim();
  expect(await commitTag(nodeProcesses, folder)).toBe(short);
  git("tag", "-a", "v1", "-m", "v1");
  expect(await commitTag(nodeProcesses, folder)).toBe("v1");
  git("tag", "-a", "release/2", "-m", "2", "-f");
  git("tag", "-d", "v1");
  expect(await commitTag(nodeProcesses, folder)).toBeUndefined();
  git("tag", "-d", "release/2");
  writeFileSync(join(folder, "a.txt"), "2");
  expect(await commitTag(nodeProcesses, folder)).toBeUndefined();
  expect(await commitTag({ run: () => Promise.reject(new Error("no git")) }, folder)).toBeUndefined();
});
