import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "../../test/samples/folder.ts";
import { nodeFiles } from "../platform/files.ts";
import { readCommit } from "./read-commit.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

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
