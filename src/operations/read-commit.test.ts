import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { nodeFiles } from "../platform/files.ts";
import { readCommit } from "./read-commit.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

function folderWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "copilot-commit-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe("readCommit", () => {
  test.each([
    ["a branch", { ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": `${commit}\n` }],
    ["a packed branch", { ".git/HEAD": "ref: refs/heads/main\n", ".git/packed-refs": `# pack-refs\n${commit} refs/heads/main\n` }],
    ["a detached head", { ".git/HEAD": `${commit}\n` }],
    [
      "a work tree",
      {
        ".git": "gitdir: .main/worktrees/one\n",
        ".main/worktrees/one/HEAD": "ref: refs/heads/x\n",
        ".main/worktrees/one/commondir": "../..\n",
        ".main/refs/heads/x": `${commit}\n`,
      },
    ],
  ])("reads %s", async (_what, files) => {
    const root = folderWith(files);
    mkdirSync(join(root, "deep/er"), { recursive: true });
    expect(await readCommit(nodeFiles, join(root, "deep/er"))).toBe(commit);
  });

  test("knows none in a repository without a commit", async () => {
    expect(await readCommit(nodeFiles, folderWith({ ".git/HEAD": "ref: refs/heads/main\n" }))).toBeUndefined();
  });
});
