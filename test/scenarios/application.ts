import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inject, onTestFinished } from "vitest";
import { checkJsonOutput } from "../fixtures/check-json-output.ts";

/** The built command; another build of it where `COPILOT_TEST_BIN` names one. */
export const bin = process.env["COPILOT_TEST_BIN"] ?? fileURLToPath(new URL("../../dist/bin.js", import.meta.url));

/** How a command ended. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is run with, besides its arguments. */
export interface RunOptions {
  readonly input?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Expected exit code; any when `undefined` is given. */
  readonly code?: number | undefined;
}

/** A server that answers with its version, its environment and what it is asked for. */
export const echoServer = `
import { createServer } from "node:http";
const { VERSION = "1", PORT = "8080" } = process.env;
const server = createServer((request, response) => {
  if (request.url === "/slow") setTimeout(() => response.end("slow " + VERSION), 1000);
  else if (request.url === "/env") response.end(JSON.stringify(process.env));
  else response.end("version " + VERSION + " at " + request.url + "\\n");
});
server.listen(Number(PORT), () => console.log("listening, version " + VERSION));
process.on("SIGTERM", () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

/** Dockerfile of {@link echoServer}. */
export const echoDockerfile = `FROM node:slim
COPY server.mjs /server.mjs
EXPOSE 8080
CMD ["node", "/server.mjs"]
`;

/** What a command wrote, once its JSON was found to have the published shape. */
function checked(args: readonly string[], run: Run): Run {
  checkJsonOutput(args, run);
  return run;
}

/** Names that no other run on the engine has. */
const run = randomBytes(3).toString("hex");
let made = 0;

/** A folder with an application of its own, which is deleted with everything on the engine when the test ends. */
export class Application {
  readonly name: string;
  readonly folder: string;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.name = `s${run}${(made++).toString(36)}x`;
    this.folder = mkdtempSync(join(tmpdir(), "copilot-application-"));
    this.write(files);
    onTestFinished(async () => {
      if (process.env["COPILOT_KEEP"]) return;
      await this.copilot(["app", "delete", "--name", this.name, "--yes"], { code: undefined });
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** Writes files below the folder. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** Copies a folder of the checkout into the application's. */
  copy(source: string): void {
    cpSync(fileURLToPath(new URL(`../../${source}`, import.meta.url)), this.folder, { recursive: true });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Every file below the folder with its content's size and time of change: equal lists mean that nothing was written. */
  listing(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`)
      .toSorted();
  }

  /** Starts a command and leaves it running. */
  start(args: readonly string[], variables: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [bin, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...inject("environment"), ...variables },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Runs a command to its end. Fails with its output when it does not end with the expected code, 0 by default. */
  copilot(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const child = this.start(args, options.variables);
    const expected = "code" in options ? options.code : 0;
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin?.end(options.input ?? "");
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => {
        const code = status ?? 130;
        if (expected !== undefined && code !== expected)
          reject(new Error(`copilot ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`));
        else resolve(Promise.resolve({ code, stdout, stderr }).then((run) => checked(args, run)));
      });
    });
  }

  /** The JSON that a command prints. */
  async json<T>(args: readonly string[]): Promise<T> {
    const { stdout } = await this.copilot([...args, "--json"]);
    return JSON.parse(stdout) as T;
  }

  /** Makes the application and an environment, deployed. */
  async withEnvironment(environment = "test"): Promise<void> {
    await this.copilot(["app", "init", this.name, "--target", "docker"]);
    await this.copilot(["env", "init", "--name", environment, "--default-config"]);
    await this.copilot(["env", "deploy", "--name", environment]);
  }

  /** Where a service answers. */
  async url(service: string, environment = "test"): Promise<string> {
    const { routes } = await this.json<{ routes: { environment: string; url: string }[] }>(["svc", "show", "--name", service]);
    const route = routes.find((candidate) => candidate.environment === environment);
    if (!route) throw new Error(`${service} has no URL in ${environment}`);
    return route.url;
  }
}

/** What an address answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Asks an address of this machine; names under `.localhost` are taken for loopback, whatever the resolver knows. Fails when nothing comes
 * for so many seconds.
 */
export function get(url: string, seconds = 10): Promise<Answer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const local = hostname.endsWith(".localhost") ? "127.0.0.1" : hostname;
  return new Promise((resolve, reject) => {
    const asked = request({ host: local, port: port || 80, path: pathname + search, headers: { host }, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
      response.on("error", reject);
    });
    asked.setTimeout(seconds * 1000, () => asked.destroy(new Error(`${url} did not answer in ${seconds} s`)));
    asked.on("error", reject);
    asked.end();
  });
}

/** Seconds after which nothing is waited for any more: long, since only a failing test ever waits so long. */
const patience = 180;

/** Resolves with the first value that passes, asked again until the deadline; rejects with the last answer then. */
export async function eventually<T>(ask: () => Promise<T>, passes: (value: T) => boolean, seconds = patience): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  do {
    try {
      const value = await ask();
      if (passes(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < deadline);
  throw new Error(`Not within ${seconds} s. Last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

/** How long something took, in milliseconds. */
export interface Timing {
  readonly took: number;
  /** The longest that the engine took meanwhile to run a container that does nothing: a bar for what a busy machine can do. */
  readonly pace: number;
}

/** Times something, beside which the engine runs containers that do nothing, one after the other. */
export async function timed(work: () => Promise<unknown>): Promise<Timing> {
  const over = new AbortController();
  const pacing = (async () => {
    let longest = 0;
    do longest = Math.max(longest, await idleRun());
    while (!over.signal.aborted);
    return longest;
  })();
  const begun = performance.now();
  try {
    await work();
  } finally {
    over.abort();
  }
  const took = performance.now() - begun;
  return { took, pace: await pacing };
}

async function idleRun(): Promise<number> {
  const begun = performance.now();
  await promisify(execFile)("docker", ["run", "--rm", "node:slim", "true"]);
  return performance.now() - begun;
}

/** Lines that `docker` prints. */
export function docker(...args: readonly string[]): string[] {
  return execFileSync("docker", args, { encoding: "utf8" }).split("\n").filter(Boolean);
}

/** Everything on the engine that carries an application's label or name. */
export function leftovers(application: string): string[] {
  const filter = ["--filter", `label=copilot.application=${application}`];
  return [
    ...docker("ps", "--all", ...filter, "--format", "container {{.Names}}"),
    ...docker("network", "ls", ...filter, "--format", "network {{.Name}}"),
    ...docker("volume", "ls", ...filter, "--format", "volume {{.Name}}"),
    ...docker("images", "--format", "image {{.Repository}}:{{.Tag}}").filter((line) => line.startsWith(`image copilot/${application}/`)),
  ];
}

/** A manifest of a service that runs {@link echoServer}. */
export const echoManifest = (name: string, more = "", type = "Load Balanced Web Service"): string => `name: ${name}
type: ${type}
image:
  build: ${name}/Dockerfile
  port: 8080
${type === "Load Balanced Web Service" ? "http:\n  path: /\n  deregistration_delay: 2s\n" : ""}cpu: 256
memory: 256
count: 1
${more}`;

/** Files of a service that runs {@link echoServer}. */
export const echoService = (name: string, more?: string, type?: string): Record<string, string> => ({
  [`copilot/${name}/manifest.yml`]: echoManifest(name, more, type),
  [`${name}/Dockerfile`]: echoDockerfile,
  [`${name}/server.mjs`]: echoServer,
});
