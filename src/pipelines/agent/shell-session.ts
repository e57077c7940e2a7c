import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, writeFile, chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** How a shell is started. */
export interface ShellOptions {
  /** `sh`, `bash` or a path; unset means what CodeBuild's images have as `sh`, which is bash where there is one. */
  readonly shell?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** A user of the container's `/etc/passwd`. */
  readonly user?: string;
  readonly onLine: (text: string) => void;
}

/** Reads commands from descriptor 3 and answers their exit codes on 4, so that all of them share variables, functions and directory. */
const driver = `trap 'export -p >"$COPILOT_SHELL_STATE/exports"; pwd >"$COPILOT_SHELL_STATE/directory"' EXIT
if [ -f "$COPILOT_SHELL_STATE/exports" ]; then . "$COPILOT_SHELL_STATE/exports"; cd "$(cat "$COPILOT_SHELL_STATE/directory")"; fi
while IFS= read -r COPILOT_SHELL_COMMAND <&3; do . "$COPILOT_SHELL_COMMAND" 3<&- 4>&-; echo "$?" >&4; done`;

/** One shell that runs commands one after another. A command which ends the shell fails, and the next one gets a new shell with the exported variables. */
export class ShellSession {
  readonly #options: ShellOptions;
  readonly #state: string;
  #shell: RunningShell | undefined;
  #commands = 0;
  #stopped = false;

  private constructor(options: ShellOptions, state: string) {
    this.#options = options;
    this.#state = state;
  }

  static async open(options: ShellOptions): Promise<ShellSession> {
    const state = await mkdtemp(join(tmpdir(), "build-shell-"));
    await chmod(state, 0o777);
    return new ShellSession(options, state);
  }

  /** Exit code of the command. Its output has been told by then. */
  async run(command: string): Promise<number> {
    if (this.#stopped) return 137;
    this.#shell ??= new RunningShell(this.#options, this.#state);
    const file = join(this.#state, `command-${++this.#commands}`);
    await writeFile(file, `${command}\n`, { mode: 0o644 });
    const { code, ended } = await this.#shell.run(file);
    if (ended) this.#shell = undefined;
    return code;
  }

  /** Values of variables, exported or not, as the shell has them now; empty for one that it does not have. */
  async readVariables(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const valid = names.filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
    if (valid.length === 0) return {};
    await this.run(valid.map((name) => `printf '%s' "\${${name}-}" >"$COPILOT_SHELL_STATE/variable-${name}"`).join("\n"));
    const values = await Promise.all(valid.map((name) => readFile(join(this.#state, `variable-${name}`), "utf8").catch(() => "")));
    return Object.fromEntries(valid.map((name, index) => [name, values[index] ?? ""]));
  }

  /** Ends the shell and everything that it started. */
  stop(): void {
    this.#stopped = true;
    this.#shell?.kill();
  }

  async close(): Promise<void> {
    await this.#shell?.end();
    await rm(this.#state, { recursive: true, force: true });
  }
}

class RunningShell {
  readonly #process: ChildProcess;
  readonly #ended: Promise<number>;
  #answer: ((code: number) => void) | undefined;

  constructor(options: ShellOptions, state: string) {
    const { file, argv0 } = resolveShell(options.shell);
    this.#process = spawn(file, ["-c", driver], {
      ...(argv0 === undefined ? {} : { argv0 }),
      cwd: options.directory,
      env: { ...options.environment, COPILOT_SHELL_STATE: state, ...userVariables(options.user) },
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      detached: true,
      ...userIds(options.user),
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) tellLines(stream, options.onLine);
    readLines(this.#process.stdio[4], (text) => this.#answer?.(Number(text)));
    this.#ended = new Promise((resolve) => {
      this.#process.on("close", (code) => resolve(code ?? 137));
      this.#process.on("error", (error) => {
        options.onLine(`The shell ${file} cannot be started: ${error.message}`);
        resolve(127);
      });
    });
  }

  async run(file: string): Promise<{ readonly code: number; readonly ended: boolean }> {
    const answered = new Promise<{ code: number; ended: boolean }>((resolve) => {
      this.#answer = (code) => resolve({ code, ended: false });
    });
    const input = this.#process.stdio[3];
    if (input !== null && input !== undefined && "write" in input) input.write(`${file}\n`);
    const result = await Promise.race([answered, this.#ended.then((code) => ({ code: code === 0 ? 1 : code, ended: true }))]);
    // The output that came before the exit code is in the pipes already: let the event loop take it first.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    return result;
  }

  kill(): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, "SIGKILL");
    } catch {
      this.#process.kill("SIGKILL");
    }
  }

  async end(): Promise<void> {
    const input = this.#process.stdio[3];
    if (input !== null && input !== undefined && "end" in input) input.end();
    const exited = new Promise<void>((resolve) => {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) resolve();
      else this.#process.once("exit", () => resolve());
    });
    await exited;
    this.kill();
    await this.#ended;
  }
}

/** CodeBuild's `sh` is bash under another name, and buildspecs rely on that. */
function resolveShell(shell: string | undefined): { readonly file: string; readonly argv0?: string } {
  if (shell !== undefined) return { file: shell };
  const bash = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"].find((path) => existsSync(path));
  return bash === undefined ? { file: "sh" } : { file: bash, argv0: "sh" };
}

interface PasswordEntry {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

function findUser(user: string): PasswordEntry {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid, , home] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`run-as: the build's image has no user ${user}`);
  return { uid: Number(uid), gid: Number(gid), home: home ?? "/" };
}

function userIds(user: string | undefined): { readonly uid?: number; readonly gid?: number } {
  if (user === undefined) return {};
  const { uid, gid } = findUser(user);
  return { uid, gid };
}

const userVariables = (user: string | undefined): Readonly<Record<string, string>> =>
  user === undefined ? {} : { HOME: findUser(user).home, USER: user, LOGNAME: user };

function tellLines(stream: Readable | null, onLine: (text: string) => void): void {
  if (stream !== null) readLines(stream, onLine);
}

function readLines(stream: unknown, onLine: (text: string) => void): void {
  if (typeof stream !== "object" || stream === null || !isReadable(stream)) return;
  stream.on("error", () => undefined);
  createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine);
}

const isReadable = (stream: object): stream is Readable => "read" in stream && "on" in stream;
