import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Problem } from "../../../model/problem.ts";

/** How a git command ended. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What a git command gets besides its arguments. */
export interface GitCall {
  readonly signal?: AbortSignal;
  /** Settings for this call only. They travel in the environment, so that a token among them is on no command line. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs git with nothing of this machine's or anybody's settings. */
export interface Git {
  run(parameters: readonly string[], call?: GitCall): Promise<GitResult>;
  start(parameters: readonly string[], call?: GitCall): ChildProcessWithoutNullStreams;
}

/** The git of the PATH. */
export function createGit(variables: Readonly<Record<string, string | undefined>>): Git {
  const start: Git["start"] = (parameters, call = {}) =>
    spawn("git", [...parameters], { env: environment(variables, call), stdio: "pipe", ...(call.signal ? { signal: call.signal } : {}) });
  return {
    start,
    run: (parameters, call) =>
      new Promise((resolve, reject) => {
        const child = start(parameters, call);
        const [out, err]: [Buffer[], Buffer[]] = [[], []];
        child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
        child.stdin.end();
        child.on("error", (error: NodeJS.ErrnoException) => reject(error.code === "ENOENT" ? missingGit(error) : error));
        child.on("close", (code) => resolve({ code: code ?? 1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString("utf8") }));
      }),
  };
}

const missingGit = (cause: unknown): Problem =>
  new Problem("git-not-found", "The control plane cannot read the source: its image has no git", {
    hint: "Install git on the machine on which the control plane's image is made, then run npm stop and npm start.",
    cause,
  });

function environment(
  variables: Readonly<Record<string, string | undefined>>,
  { settings = {}, variables: more }: GitCall,
): NodeJS.ProcessEnv {
  const all = Object.entries({ "safe.directory": "*", "gc.auto": "0", "protocol.file.allow": "always", ...settings });
  return {
    PATH: variables["PATH"],
    HOME: "/nonexistent",
    SSL_CERT_FILE: variables["SSL_CERT_FILE"],
    HTTPS_PROXY: variables["HTTPS_PROXY"],
    NO_PROXY: variables["NO_PROXY"],
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "https:http:ssh:git:file",
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(
      all.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    ...more,
  };
}
