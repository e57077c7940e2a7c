import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commitWorkingTree, currentBranch, gitIn, listRemotes, setCopilotRemote, type RunGit } from "./git-workspace.ts";

let folder = "";
let git: RunGit;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "workspace-"));
  git = gitIn(folder, { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_NOSYSTEM: "1" });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function withRepository(): Promise<void> {
  await git(["init", "--quiet", "--initial-branch=main", "."]);
  await writeFile(join(folder, ".gitignore"), "ignored\n");
  await writeFile(join(folder, "a"), "1");
  await git(["add", "--all"]);
  await git(["-c", "user.name=ann", "-c", "user.email=ann@example.com", "commit", "--quiet", "--message", "first"]);
}

const show = async (commit: string, path: string): Promise<string> => (await git(["show", `${commit}:${path}`])).stdout;

test("the working tree becomes a commit with what is changed and new, and neither index nor branch changes", async () => {
  await withRepository();
  await writeFile(join(folder, "a"), "2");
  await writeFile(join(folder, "new"), "n");
  await writeFile(join(folder, "ignored"), "i");
  const before = (await git(["status", "--porcelain"])).stdout;
  const commit = await commitWorkingTree(git, "as it is");
  expect([await show(commit, "a"), await show(commit, "new")]).toEqual(["2", "n"]);
  expect((await git(["cat-file", "-e", `${commit}:ignored`])).code).not.toBe(0);
  expect((await git(["status", "--porcelain"])).stdout).toBe(before);
  expect((await git(["rev-parse", `${commit}^`])).stdout).toBe((await git(["rev-parse", "HEAD"])).stdout);
});

test("a clean tree is HEAD itself; a repository without a commit can be released too", async () => {
  await git(["init", "--quiet", "--initial-branch=main", "."]);
  await writeFile(join(folder, "a"), "1");
  expect(await show(await commitWorkingTree(git, "first"), "a")).toBe("1");
  await withRepository();
  expect(await commitWorkingTree(git, "clean")).toBe((await git(["rev-parse", "HEAD"])).stdout.trim());
});

test("a folder without a repository is a Problem with the way out", async () => {
  await expect(commitWorkingTree(git, "none")).rejects.toMatchObject({ code: "no-repository", hint: expect.stringContaining("git init") });
  expect(await currentBranch(git)).toBeUndefined();
  expect(await listRemotes(git)).toEqual([]);
});

test("the remote is set once and follows the control plane's port; the token is in none of the settings", async () => {
  await withRepository();
  const remote = (port: number) => ({ url: `http://127.0.0.1:${port}/git/shop`, username: "copilot", password: "t0ken" });
  for (const port of [4000, 4001]) expect(await setCopilotRemote(git, remote(port), "!helper")).toBe("set");
  expect(await listRemotes(git)).toEqual([{ name: "copilot", url: "http://127.0.0.1:4001/git/shop" }]);
  expect((await git(["config", "--get", "credential.http://127.0.0.1:4001.helper"])).stdout.trim()).toBe("!helper");
  expect((await git(["config", "--list"])).stdout).not.toContain("t0ken");
});
