import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { extract } from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readBuildspec } from "../buildspec/read-buildspec.ts";
import { runAgent } from "./agent.ts";
import { isAgentReport, type BuildJob, type BuildResult } from "./build-job.ts";
import { Connection } from "./connection.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "agent-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Outcome {
  readonly result: BuildResult;
  /** What the commands wrote, without the agent's own lines. */
  readonly output: readonly string[];
  readonly lines: readonly string[];
  readonly archives: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function unpack(archive: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    files[entry.header.name] = entry.header.type === "symlink" ? `-> ${entry.header.linkname ?? ""}` : await text(entry);
    entry.resume();
  }
  return files;
}

interface Options {
  readonly sockets?: Record<string, string>;
  readonly onReady?: (stop: () => void, disconnect: () => void) => void;
  readonly environment?: Record<string, string>;
}

/** Runs a buildspec in the temporary folder, as the control plane would have it run in a container. */
async function build(buildspecText: string, options: Options = {}): Promise<Outcome> {
  const read = readBuildspec("buildspec.yml", `version: 0.2\n${buildspecText}`);
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join());
  const [toAgent, fromAgent] = [new PassThrough(), new PassThrough()];
  const lines: string[] = [];
  const archives: Record<string, Promise<Record<string, string>>> = {};
  let result: BuildResult = { kind: "failed", phase: "setup", reason: "no result" };
  const connection = new Connection({ input: fromAgent, output: toAgent }, "opener", {
    onMessage: (message) => {
      if (!isAgentReport(message)) return;
      if (message.type === "line") lines.push(message.text);
      if (message.type === "result") result = message.result;
      if (message.type === "line")
        options.onReady?.(
          () => connection.send({ type: "stop" }),
          () => toAgent.end(),
        );
    },
    onChannel: (label, channel) => {
      if (label === "echo") channel.pipe(channel);
      else archives[label] = buffer(channel).then(unpack);
      channel.on("end", () => channel.end());
    },
    onClose: () => undefined,
  });
  const job: BuildJob = {
    buildspec: read.value,
    environment: { PATH: process.env["PATH"] ?? "", ...read.value.variables, ...options.environment },
    sourceDirectory: directory,
    sockets: options.sockets ?? {},
  };
  connection.send({ type: "job", job });
  await runAgent({ input: toAgent, output: fromAgent }, {});
  const collected = await Promise.all(Object.entries(archives).map(async ([label, files]) => [label, await files] as const));
  const own = /^(?:Entering phase|Running command|Phase |phase |Artifact)/;
  return { result, lines, output: lines.filter((line) => !own.test(line)), archives: Object.fromEntries(collected) };
}

describe("commands", () => {
  test("share one shell: directory, variables and functions stay, exported or not", async () => {
    const { output, result } = await build(`phases:
  install: {commands: ["mkdir deep && cd deep", "name=world", "greet() { echo hello $name; }"]}
  build: {commands: [greet, 'basename "$(pwd)"']}`);
    expect(output).toEqual(["hello world", "deep"]);
    expect(result.kind).toBe("succeeded");
  });

  test("several lines are one command, and a here-string works in the default shell", async () => {
    const { output } = await build(`phases:
  build:
    commands:
      - |
        if true; then
          tag=$(sed 's/:/-/g' <<<"a:b")
        fi
      - echo $tag`);
    expect(output).toEqual(["a-b"]);
  });

  test("the first that fails ends its phase, and finally still runs", async () => {
    const { output, result } = await build(
      `phases: {install: {commands: ["false", "echo never"], finally: ["echo always"]}, build: {commands: ["echo never"]}}`,
    );
    expect(output).toEqual(["always"]);
    expect(result).toEqual({ kind: "failed", phase: "install", reason: "phase install: `false` exited with 1", exitCode: 1 });
  });

  test("a failing build phase lets post_build run, which is told", async () => {
    const { output, result } = await build(
      `phases: {build: {commands: ["exit 3"]}, post_build: {commands: ["echo $CODEBUILD_BUILD_SUCCEEDING"]}}`,
      {
        environment: { CODEBUILD_BUILD_SUCCEEDING: "1" },
      },
    );
    expect(output).toEqual(["0"]);
    expect(result).toMatchObject({ phase: "build", exitCode: 3 });
  });

  test("after a command that ended the shell, what was exported and the directory are still there", async () => {
    const { output } = await build(
      `phases: {build: {commands: ["mkdir d; cd d; export A=1; exit 1"], finally: ['echo $A $(basename "$(pwd)")']}}`,
    );
    expect(output).toEqual(["1 d"]);
  });

  test("a command that is no shell text fails the build instead of hanging it", async () => {
    const { result } = await build(`phases: {build: {commands: ["if then ("]}}`);
    expect(result).toMatchObject({ kind: "failed", phase: "build" });
  });

  test("a process that is left behind does not hold up the build", async () => {
    const { result } = await build(`phases: {build: {commands: ["sleep 600 & echo started"]}}`);
    expect(result.kind).toBe("succeeded");
  });

  test("on-failure CONTINUE goes on and does not fail the build", async () => {
    const { output, result } = await build(
      `phases: {install: {on-failure: CONTINUE, commands: ["false"]}, build: {commands: ["echo on"]}}`,
    );
    expect([output, result.kind]).toEqual([["on"], "succeeded"]);
  });

  test.each([
    ["RETRY-2", ["try", "try", "try"]],
    ["RETRY-2-nothing like it", ["try"]],
  ])("on-failure %s", async (onFailure, tries) => {
    const { output } = await build(`phases: {build: {on-failure: "${onFailure}", commands: ["echo try", "false"]}}`);
    expect(output).toEqual(tries);
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(!isRoot)(`run-as takes another user for a phase, or for all${isRoot ? "" : " (skipped: only root can)"}`, async () => {
    const { output } = await build(`phases: {install: {commands: ["id -un"]}, build: {run-as: nobody, commands: ["id -un"]}}`);
    expect(output).toEqual(["root", "nobody"]);
  });

  test("env.shell chooses the shell", async () => {
    const { output } = await build(`env: {shell: /bin/sh}\nphases: {build: {commands: ['echo $0']}}`);
    expect(output).toEqual(["/bin/sh"]);
  });

  test("an order to stop ends what runs, and so does a control plane that is gone", async () => {
    for (const how of ["stop", "disconnect"] as const) {
      const { result } = await build(`phases: {build: {commands: ["sleep 600", "echo never"]}}`, {
        onReady: (stop, disconnect) => (how === "stop" ? stop() : disconnect()),
      });
      expect(result).toMatchObject(how === "stop" ? { kind: "failed", exitCode: 137 } : { kind: "failed" });
    }
  });

  test("exported variables are handed back with their last values", async () => {
    const { result } = await build(`env: {variables: {A: old}, exported-variables: [A, B, NONE]}
phases: {build: {commands: ["A=new", "B=$(seq 2)"]}}`);
    expect(result).toMatchObject({ variables: { A: "new", B: "1\n2", NONE: "" } });
  });
});

describe("files", () => {
  const tree = async (...names: string[]) => {
    for (const name of names) {
      await mkdir(join(directory, name, ".."), { recursive: true });
      await writeFile(join(directory, name), name);
    }
  };
  const artifact = async (yaml: string) => {
    const { archives, result } = await build(`phases: {build: {commands: ["true"]}}\nartifacts: {${yaml}}`);
    return { names: Object.keys(archives["artifact/"] ?? {}), archives, result };
  };

  test.each([
    ['files: ["infrastructure/*"]', ["infrastructure/a.yml"]],
    ['files: ["**/*"], exclude-paths: ["**/*.map"]', ["infrastructure/a.yml", "infrastructure/deep/b.yml", "out/c.js"]],
    ["files: [infrastructure]", ["infrastructure/a.yml", "infrastructure/deep/b.yml"]],
    ['files: ["**/*"], base-directory: infrastructure', ["a.yml", "deep/b.yml"]],
    ['files: ["**/*"], base-directory: "infra*"', ["a.yml", "deep/b.yml"]],
    ['files: ["**/*.yml"], discard-paths: yes', ["a.yml", "b.yml"]],
  ])("artifacts {%s}", async (yaml, names) => {
    await tree("infrastructure/a.yml", "infrastructure/deep/b.yml", "out/c.js", "out/c.js.map");
    expect((await artifact(yaml)).names).toEqual(names);
  });

  test("no match fails the build and says what was looked for", async () => {
    expect((await artifact("files: [nothing/*]")).result).toMatchObject({
      phase: "artifacts",
      reason: expect.stringContaining("nothing/*"),
    });
  });

  test("secondary artifacts come beside the main one", async () => {
    await tree("a", "b");
    const { archives } = await artifact("files: [a], secondary-artifacts: {extra: {files: [b]}}");
    expect(archives).toEqual({ "artifact/": { a: "a" }, "artifact/extra": { b: "b" } });
  });

  test("links are followed unless they shall stay", async () => {
    await tree("a");
    await symlink("a", join(directory, "link"));
    expect((await artifact("files: [link]")).archives["artifact/"]).toEqual({ link: "a" });
    expect((await artifact("files: [link], enable-symlinks: yes")).archives["artifact/"]).toEqual({ link: "-> a" });
  });

  test("reports are sent although the build failed", async () => {
    const { archives } = await build(`phases: {build: {commands: ["echo '<x/>' > r.xml", "false"]}}\nreports: {unit: {files: ["*.xml"]}}`);
    expect(archives).toEqual({ "report/unit": { "r.xml": "<x/>\n" } });
  });

  test("a cache keeps its paths by their place in the container", async () => {
    const { archives } = await build(`phases: {build: {commands: ["mkdir -p m/n; echo 1 > m/n/x"]}}\ncache: {paths: ["m/**/*"]}`);
    expect(archives["cache"]).toEqual({ [`${directory}/m/n/x`.slice(1)]: "1\n" });
  });
});

test("a connection to a socket of the job reaches the control plane, however much goes through", async () => {
  const path = join(directory, "engine.sock");
  const size = 3_000_000;
  let echoed: Promise<number> | undefined;
  const { result } = await build(`phases: {build: {commands: ["while [ ! -e ${directory}/done ]; do sleep 0.05; done"]}}`, {
    sockets: { [path]: "echo" },
    onReady: () => {
      echoed ??= new Promise<number>((resolve, reject) => {
        const socket = connect(path, () => socket.end(Buffer.alloc(size, "x")));
        socket.on("error", reject);
        resolve(buffer(socket).then((bytes) => bytes.length));
      });
      void echoed.then(() => writeFile(join(directory, "done"), ""));
    },
  });
  expect(result.kind).toBe("succeeded");
  expect(await echoed).toBe(size);
});
