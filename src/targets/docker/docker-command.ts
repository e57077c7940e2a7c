import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { pipeline } from "node:stream/promises";
import { Problem } from "../../model/problem.ts";

/** How one call of the `docker` command ended. */
export interface DockerResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What one call of the `docker` command gets and who hears of it. */
export interface DockerCall {
  readonly input?: AsyncIterable<Uint8Array> | string;
  /** Ends the command once this aborts; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Each line as it is written. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  readonly cwd?: string;
  /** Variables on top of the command's own. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs `docker` with an argument array; resolves with any exit code, rejects with a Problem when there is no such command. */
export type DockerCommand = (args: readonly string[], call?: DockerCall) => Promise<DockerResult>;

/** Starts `docker` and hands out its streams, for connections that go through it. */
export type DockerProcess = (args: readonly string[]) => ChildProcessWithoutNullStreams;

const missing = (cause: unknown): Problem =>
  new Problem("docker-not-found", "The Docker target needs the docker command: it is not on the PATH", {
    hint: "Install Docker Engine or Docker Desktop, then try again.",
    cause,
  });

/** Splits what arrives in pieces into lines. */
function lineReader(onLine: (line: string) => void): { push: (text: string) => void; end: () => void } {
  let rest = "";
  return {
    push(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    },
    end() {
      if (rest !== "") onLine(rest);
    },
  };
}

/** The `docker` command of the PATH, with the given environment variables (`DOCKER_HOST`, `DOCKER_CONTEXT`, …). */
export function dockerCommand(variables: NodeJS.ProcessEnv): DockerCommand {
  return async (args, call = {}) => {
    const { input, signal, onLine, cwd } = call;
    signal?.throwIfAborted();
    const child = spawn("docker", [...args], {
      env: { ...variables, ...call.variables },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stop = (): void => void child.kill("SIGTERM");
    signal?.addEventListener("abort", stop, { once: true });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      const lines = lineReader((line) => onLine?.(line, stream));
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] += text;
        lines.push(text);
      });
      child[stream].on("end", () => lines.end());
    }
    const ended = new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => reject(error.code === "ENOENT" ? missing(error) : error));
      child.once("close", (code) => resolve(code ?? 1));
    });
    // A command that ends before it has read everything breaks the pipe; its exit code and stderr tell why.
    const fed =
      typeof input === "object" ? pipeline(input, child.stdin).catch(() => undefined) : Promise.resolve(void child.stdin.end(input ?? ""));
    child.stdin.on("error", () => undefined);
    try {
      const [code] = await Promise.all([ended, fed]);
      signal?.throwIfAborted();
      return { code, ...output };
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  };
}

/** As {@link dockerCommand}, for a process whose streams the caller uses. */
export function dockerProcess(variables: NodeJS.ProcessEnv): DockerProcess {
  return (args) => spawn("docker", [...args], { env: variables, stdio: ["pipe", "pipe", "pipe"] });
}

/** What a command complained about, in one line for an error message: the engine's own words where it has any. */
export const complaint = (result: DockerResult): string => {
  const text = (result.stderr.trim() === "" ? result.stdout : result.stderr).trim();
  const refusal = /^(?:docker: )?Error response from daemon: (.+)$/m.exec(text)?.[1];
  return refusal ?? (text === "" ? `docker ended with ${result.code}` : (text.split("\n").at(-1) ?? text));
};
