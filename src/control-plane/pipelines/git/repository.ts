import { mkdir } from "node:fs/promises";
import { PassThrough, type Readable } from "node:stream";
import type { Git, GitCall } from "./git.ts";

/** A commit as far as an execution tells of it. */
export interface Commit {
  readonly id: string;
  readonly message: string;
  readonly author: string;
}

/** How fetching a branch ended. */
export type FetchResult = { readonly kind: "fetched"; readonly commit: string } | { readonly kind: "failed"; readonly reason: string };

/** A bare repository in the control plane's state. */
export class Repository {
  readonly #git: Git;
  readonly folder: string;

  constructor(git: Git, folder: string) {
    this.#git = git;
    this.folder = folder;
  }

  /** Makes the repository unless it is there. */
  async ensure(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const known = await this.#run(["rev-parse", "--git-dir"]);
    if (known.code === 0) return;
    const made = await this.#git.run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", this.folder]);
    if (made.code !== 0) throw new Error(`The repository cannot be made: ${made.stderr.trim()}`);
  }

  /** The full id of the commit that `reference` means; `undefined` when there is none. */
  async resolve(reference: string): Promise<string | undefined> {
    const result = await this.#run(["rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`]);
    return result.code === 0 ? result.stdout.toString("utf8").trim() : undefined;
  }

  /** Commit by branch. */
  async heads(): Promise<ReadonlyMap<string, string>> {
    const { stdout } = await this.#run(["for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads"]);
    const lines = stdout
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "");
    return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
  }

  async commit(id: string): Promise<Commit> {
    const { stdout } = await this.#run(["log", "-1", "--format=%H%x00%s%x00%an", "--end-of-options", id]);
    const [commit = id, message = "", author = ""] = stdout.toString("utf8").trim().split("\0");
    return { id: commit, message, author };
  }

  /** Text of a file at a commit; `undefined` when there is none. */
  async readFile(commit: string, path: string): Promise<string | undefined> {
    const result = await this.#run(["cat-file", "blob", `${commit}:${path.replace(/^(?:\.\/)+/, "")}`]);
    return result.code === 0 ? result.stdout.toString("utf8") : undefined;
  }

  /** Every file of a commit as a tar archive below `prefix`; rejects through the stream's `error`. */
  archive(commit: string, prefix: string, signal: AbortSignal): Readable {
    // The modes of an ordinary clone: with git's own default an image would differ from one built on a person's machine.
    const child = this.#git.start(["-C", this.folder, "-c", "tar.umask=0022", "archive", "--format=tar", `--prefix=${prefix}`, commit], {
      signal,
    });
    // What a child has written is thrown away when it ends before somebody reads, so it is read from the start.
    const output = new PassThrough();
    let complaint = "";
    child.stdin.end();
    child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString("utf8")));
    child.stdout.pipe(output, { end: false });
    child.on("error", (error) => output.destroy(error));
    child.on("close", (code) => {
      if (code === 0) output.end();
      else output.destroy(new Error(`git archive: ${complaint.trim() || `exit code ${String(code)}`}`));
    });
    return output;
  }

  /** Brings a branch of another repository here, under a name of its own. */
  async fetch(url: string, branch: string, call: GitCall): Promise<FetchResult> {
    const target = `refs/sources/${Buffer.from(url).toString("hex").slice(0, 200)}/${branch}`;
    const refspec = `+refs/heads/${branch}:${target}`;
    const result = await this.#run(["fetch", "--quiet", "--no-tags", "--end-of-options", url, refspec], call);
    if (result.code !== 0) return { kind: "failed", reason: complaintOf(result.stderr) };
    const commit = await this.resolve(target);
    return commit === undefined ? { kind: "failed", reason: `branch ${branch} has no commit` } : { kind: "fetched", commit };
  }

  /** The commit that a branch of another repository has now, without bringing it here. */
  async remoteHead(url: string, branch: string, call: GitCall): Promise<FetchResult> {
    const result = await this.#run(["ls-remote", "--exit-code", "--end-of-options", url, `refs/heads/${branch}`], call);
    if (result.code === 2) return { kind: "failed", reason: `it has no branch ${branch}` };
    if (result.code !== 0) return { kind: "failed", reason: complaintOf(result.stderr) };
    return { kind: "fetched", commit: result.stdout.toString("utf8").split(/\s/)[0] ?? "" };
  }

  /** Writes a commit with its history into a new folder, as `CODEBUILD_CLONE_REF` asks. */
  async clone(commit: string, folder: string, signal: AbortSignal): Promise<void> {
    const cloned = await this.#git.run(["clone", "--quiet", "--no-hardlinks", "--no-checkout", this.folder, folder], { signal });
    const checked = cloned.code === 0 ? await this.#git.run(["-C", folder, "checkout", "--quiet", "--detach", commit], { signal }) : cloned;
    if (checked.code !== 0) throw new Error(`The clone cannot be made: ${checked.stderr.trim()}`);
  }

  #run(parameters: readonly string[], call?: GitCall) {
    return this.#git.run(["-C", this.folder, ...parameters], call);
  }
}

/** What git complains about first; the lines behind it are advice. */
function complaintOf(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const complaint = lines.find((line) => /^(?:fatal|error|ssh|remote): /.test(line)) ?? lines[0] ?? "";
  return complaint.replace(/^(?:fatal|error): /, "") || "git failed";
}
