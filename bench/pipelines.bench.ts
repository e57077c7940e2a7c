import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGit } from "../src/control-plane/pipelines/git/git.ts";
import { ExecutionStore } from "../src/control-plane/pipelines/execution-store.ts";
import { Pipelines } from "../src/control-plane/pipelines/pipelines.ts";
import { Runner } from "../src/control-plane/pipelines/runner.ts";
import type { Action, Pipeline } from "../src/model/pipeline.ts";
import { compilePipeline } from "../src/pipelines/compile-pipeline.ts";
import type { ExecutionState } from "../src/pipelines/execution/state.ts";
import { loadPipeline } from "../src/pipelines/manifest.ts";
import { buildImage } from "../src/targets/docker/build-tools.ts";
import { platformTag } from "../src/targets/docker/platform-images.ts";
import { median, type Figure } from "./figures.ts";
import { copilot, timeNode } from "./processes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What pipelines cost: an action over its bare container, many actions in memory, many environments in time. */
export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "copilot-bench-"));
  try {
    return [
      await manyActions(join(folder, "actions")),
      await manyEnvironments(join(folder, "environments")),
      overheadOfActions(join(folder, "overhead")),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const trivial = (name: string, after: readonly string[] = []): Action => ({
  name,
  work: { kind: "build", image: "base", buildspec: { kind: "commands", commands: ["true"] } },
  runOrder: 1,
  after,
});

/** MiB that an execution of 1,000 actions adds to this process at its largest. */
async function manyActions(folder: string): Promise<Figure> {
  const pipeline: Pipeline = {
    application: "bench",
    name: "many",
    executionMode: "superseded",
    source: { provider: "Git", repository: "copilot", branch: "main" },
    stages: Array.from({ length: 20 }, (_, stage) => ({
      name: `stage-${stage}`,
      onFailure: "stop" as const,
      actions: Array.from({ length: 50 }, (_unused, action) => trivial(`action-${action}`)),
    })),
  };
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let largest = 0;
  const runner = new Runner({
    store: new ExecutionStore(folder),
    performer: {
      perform: ({ log }) => {
        log("done");
        return Promise.resolve({ kind: "succeeded", output: { summary: "done" } });
      },
      rollBack: () => Promise.resolve({ restored: [] }),
    },
    now: () => new Date(),
    concurrency: 8,
    onUpdate: (update) => {
      largest = Math.max(largest, process.memoryUsage.rss());
      if (update.type === "state" && update.state.status !== "in-progress") ended();
    },
    onProblem: (problem) => {
      throw new Error(problem);
    },
  });
  const before = process.memoryUsage.rss();
  await runner.begin(pipeline, { kind: "manual", user: "bench", branch: "main", commit: "c0ffee" });
  await end;
  await runner.close();
  return { name: "pipeline-1000-actions-memory", value: (largest - before) / 1024 ** 2, unit: "MiB", bar: 100 };
}

/** Seconds to read, compile, register and list a pipeline of 20 environments with 50 workloads each. */
async function manyEnvironments(folder: string): Promise<Figure> {
  const workloads = Array.from({ length: 50 }, (_, index) => ({ name: `service-${index}`, type: "Backend Service" as const }));
  const stages = Array.from(
    { length: 20 },
    (_, index) => `  - name: env-${index}\n    requires_approval: true\n    test_commands: [make test]\n`,
  ).join("");
  const text = `name: wide\nversion: 1\nsource: {provider: Git, properties: {repository: copilot, branch: main}}\nstages:\n${stages}`;
  const pipelines = new Pipelines({
    store: new ExecutionStore(folder),
    git: createGit(process.env),
    performer: { perform: () => Promise.reject(new Error("nothing runs here")), rollBack: () => Promise.resolve({ restored: [] }) },
    now: () => new Date(),
    warn: () => undefined,
    concurrency: 1,
    pollInterval: 60_000,
    secret: () => Promise.resolve(undefined),
    fetch: globalThis.fetch,
  });
  const begun = performance.now();
  const manifest = loadPipeline("manifest.yml", text);
  if (!manifest.ok) throw new Error(manifest.diagnostics.map(({ message }) => message).join("\n"));
  const pipeline = compilePipeline(manifest.value, { application: "bench", folder: "copilot/pipelines/wide", workloads });
  await pipelines.register({ pipeline, manifest: text, user: "bench", images: {} });
  const [listed] = await pipelines.list("bench");
  const seconds = (performance.now() - begun) / 1000;
  if (listed?.pipeline.stages.length !== 22) throw new Error("the pipeline was not listed whole");
  return { name: "pipeline-20x50-compile-and-list", value: seconds, unit: "s", bar: 1 };
}

/** Milliseconds that an action takes more than `docker run` of the same command in the same image. */
function overheadOfActions(folder: string): Figure {
  const environment = {
    ...process.env,
    COPILOT_INSTANCE: `bench-${process.pid}`,
    XDG_CONFIG_HOME: join(folder, "..", "config"),
    XDG_CACHE_HOME: join(folder, "..", "cache"),
    NO_COLOR: "1",
  };
  const options = { cwd: folder, env: environment };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const command = (...args: string[]): number => timeNode([copilot, ...args], options);
  const names = Array.from({ length: 8 }, (_, index) => `step-${index}`);
  const actions = names
    .map((name, index) => `      ${name}: {buildspec: true.yml${index === 0 ? "" : `, depends_on: [step-${index - 1}]`}}\n`)
    .join("");
  try {
    execFileSync(process.execPath, ["--import", "tsx", "scripts/base-images.ts"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    write("true.yml", "version: 0.2\nphases: {build: {commands: ['true']}}\n");
    write(
      "copilot/ready/manifest.yml",
      "name: ready\ntype: Backend Service\nimage: {location: node:slim}\ncommand: sleep 3600\ncpu: 256\nmemory: 128\n",
    );
    write(
      "copilot/pipelines/bench/manifest.yml",
      `name: bench\nversion: 1\nsource: {provider: Git, properties: {repository: copilot, branch: main}}\nbuild: {buildspec: true.yml}\nstages:\n  - name: test\n    pre_deployments:\n${actions}    deployments: {ready: }\n`,
    );
    execFileSync("git", ["init", "--quiet", "--initial-branch=main", "."], options);
    command("app", "init", "bench", "--target", "docker");
    command("env", "init", "--name", "test", "--default-config");
    command("pipeline", "deploy", "--name", "bench");
    // The deployment behind the actions fails for want of a template, which is no matter here.
    const { stdout } = spawnSync(process.execPath, [copilot, "pipeline", "run", "--name", "bench", "--json"], {
      ...options,
      encoding: "utf8",
    });
    const { execution }: { execution: ExecutionState } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
    const states = execution.stages
      .flatMap((stage) => stage.actions)
      .filter(({ name, status }) => names.includes(name) && status === "succeeded");
    if (states.length !== names.length) throw new Error("not every action succeeded");
    const taken = states.map(({ startedAt = "", endedAt = "" }) => Date.parse(endedAt) - Date.parse(startedAt));
    const image = platformTag(buildImage);
    const bare = names.map(() => {
      const begun = performance.now();
      execFileSync("docker", ["run", "--rm", image, "sh", "-c", "true"], { stdio: "ignore" });
      return performance.now() - begun;
    });
    return { name: "pipeline-action-over-docker-run", value: median(taken) - median(bare), unit: "ms", bar: 1000 };
  } finally {
    spawnSync(process.execPath, [copilot, "app", "delete", "--name", "bench", "--yes"], options);
    execFileSync(process.execPath, ["--import", "tsx", "scripts/remove-platform.ts"], { cwd: root, env: environment, stdio: "ignore" });
  }
}
