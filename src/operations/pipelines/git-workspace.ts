import { mkdtemp, rm } from "node:fs/promises";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import type { GitRemote } from "../../pipelines/pipeline-api.ts";

/** How a git command ended. */
export interface GitOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git in a folder, with more variables where a call needs them. */
export type RunGit = (parameters: readonly string[], variables?: Readonly<Record<string, string>>) => Promise<GitOutcome>;

/** The git of the PATH in a folder. */
export function gitIn(folder: string, environment: Readonly<Record<string, string | undefined>>): RunGit {
  return (parameters, variables = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn("git", [...parameters], {
        cwd: folder,
        env: { ...environment, GIT_TERMINAL_PROMPT: "0", ...variables },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const output = { stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
      child.on("error", (error: NodeJS.ErrnoException) =>
        reject(
          error.code === "ENOENT"
            ? new Problem("program-missing", "run git: it is not installed or not in PATH", { hint: "install git", cause: error })
            : error,
        ),
      );
      child.on("close", (code) => resolve({ code: code ?? 1, ...output }));
    });
}

/** A remote of the repository, by name. */
export interface Remote {
  readonly name: string;
  readonly url: string;
}

/** Remotes that are fetched from; empty outside of a repository. */
export async function listRemotes(git: RunGit): Promise<readonly Remote[]> {
  const { code, stdout } = await git(["remote", "--verbose"]);
  if (code !== 0) return [];
  return stdout.split("\n").flatMap((line) => {
    const match = /^(?<name>\S+)\t(?<url>\S+) \(fetch\)$/.exec(line)?.groups;
    return match?.["name"] === undefined || match["url"] === undefined ? [] : [{ name: match["name"], url: match["url"] }];
  });
}

/** The branch that is checked out; `undefined` outside of a repository and on a detached commit. */
export async function currentBranch(git: RunGit): Promise<string | undefined> {
  const { code, stdout } = await git(["symbolic-ref", "--short", "HEAD"]);
  return code === 0 ? stdout.trim() : undefined;
}

/** The token in a form that is on no command line: settings in git's environment. */
const withCredentials = ({ url, username, password }: GitRemote): Readonly<Record<string, string>> => ({
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
  GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
});

/** Pushes a commit to a reference of the control plane's repository. */
export async function pushCommit(
  git: RunGit,
  remote: GitRemote,
  { commit, reference }: { readonly commit: string; readonly reference: string },
): Promise<void> {
  const pushed = await git(["push", "--quiet", "--force", remote.url, `${commit}:${reference}`], withCredentials(remote));
  if (pushed.code !== 0)
    throw new Problem(
      "push-failed",
      `push ${commit.slice(0, 12)} to the control plane: ${pushed.stderr.trim().split("\n").at(-1) ?? "git failed"}`,
    );
}

/**
 * The folder as it is, uncommitted and untracked files included (ignored ones not), as a commit on top of HEAD. Neither the index nor any
 * branch changes. Where nothing differs it is HEAD itself.
 */
export async function commitWorkingTree(git: RunGit, message: string): Promise<string> {
  const inside = await git(["rev-parse", "--is-inside-work-tree"]);
  if (inside.code !== 0)
    throw new Problem("no-repository", "run the pipeline from here: this folder is in no git repository", {
      hint: "git init && git add . && git commit -m first",
    });
  const head = await git(["rev-parse", "--verify", "--quiet", "HEAD"]);
  const scratch = await mkdtemp(join(tmpdir(), "copilot-index-"));
  try {
    const variables = { GIT_INDEX_FILE: join(scratch, "index") };
    if (head.code === 0) await must(git(["read-tree", "HEAD"], variables));
    const top = await must(git(["rev-parse", "--show-toplevel"]));
    await must(git(["-C", top, "add", "--all"], variables));
    const tree = await must(git(["write-tree"], variables));
    if (head.code === 0 && tree === (await must(git(["rev-parse", "HEAD^{tree}"])))) return head.stdout.trim();
    const author = {
      GIT_AUTHOR_NAME: "copilot",
      GIT_AUTHOR_EMAIL: "copilot@localhost",
      GIT_COMMITTER_NAME: "copilot",
      GIT_COMMITTER_EMAIL: "copilot@localhost",
    };
    const named = (await git(["config", "user.email"])).code === 0;
    const parents = head.code === 0 ? ["-p", head.stdout.trim()] : [];
    return await must(git(["commit-tree", tree, ...parents, "-m", message], named ? {} : author));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function must(work: Promise<GitOutcome>): Promise<string> {
  const { code, stdout, stderr } = await work;
  if (code !== 0) throw new Problem("git-failed", `read the repository: ${stderr.trim().split("\n").at(-1) ?? "git failed"}`);
  return stdout.trim();
}

/** The remote of the control plane in a repository's settings, with a helper that knows the token when git asks. */
export async function setCopilotRemote(git: RunGit, remote: GitRemote, helper: string): Promise<"set" | "no-repository"> {
  if ((await git(["rev-parse", "--git-dir"])).code !== 0) return "no-repository";
  const known = (await listRemotes(git)).find(({ name }) => name === "copilot");
  if (known?.url !== remote.url)
    await must(git(known === undefined ? ["remote", "add", "copilot", remote.url] : ["remote", "set-url", "copilot", remote.url]));
  const origin = new URL(remote.url).origin;
  await must(git(["config", "--replace-all", `credential.${origin}.helper`, helper]));
  await must(git(["config", "--replace-all", `credential.${origin}.useHttpPath`, "true"]));
  return "set";
}
