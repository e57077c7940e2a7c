import { spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "rolldown";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Action, Pipeline, Stage } from "../../model/pipeline.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import { ExecutionStore, type PipelineKey } from "./execution-store.ts";
import type { Performer, PerformRequest, PerformResult } from "./performer.ts";
import { Runner } from "./runner.ts";
import { buildAction as build } from "../../../test/samples/pipelines.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "runner-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const key: PipelineKey = { application: "shop", name: "main" };
const trigger = { kind: "push", user: "ann", branch: "main", commit: "c0ffee" } as const;

const approval: Action = { name: "gate", work: { kind: "approval", environment: "prod" }, runOrder: 1, after: [] };
const stage = (name: string, ...actions: Action[]): Stage => ({ name, actions, onFailure: "stop" });
const pipeline = (...stages: Stage[]): Pipeline => ({
  ...key,
  executionMode: "superseded",
  source: { provider: "Git", repository: "copilot", branch: "main" },
  stages,
});

const succeeded: PerformResult = { kind: "succeeded", output: { summary: "done" } };

interface Harness {
  readonly runner: Runner;
  readonly until: (condition: (state: ExecutionState) => boolean, number?: number) => Promise<ExecutionState>;
}

async function start(perform: Performer["perform"], now: () => Date = () => new Date()): Promise<Harness> {
  const store = new ExecutionStore(root);
  const listeners = new Set<() => void>();
  const told = new Map<number, ExecutionState>();
  const runner = new Runner({
    store,
    performer: { perform, rollBack: () => Promise.resolve({ restored: [] }) },
    now,
    concurrency: 4,
    onUpdate: (update) => {
      if (update.type === "state") told.set(update.state.number, update.state);
      for (const listener of listeners) listener();
    },
    onProblem: (problem) => {
      throw new Error(problem);
    },
  });
  const until: Harness["until"] = (condition, number = 1) =>
    new Promise((resolve) => {
      const check = (): void => {
        const state = told.get(number) ?? runner.states().find((candidate) => candidate.number === number);
        if (state === undefined || !condition(state)) return;
        listeners.delete(check);
        resolve(state);
      };
      listeners.add(check);
      check();
    });
  await store.putDefinition({ pipeline: pipeline(), manifest: "", createdAt: "", updatedAt: "", user: "ann", images: {} });
  await runner.start();
  return { runner, until };
}

const ended = ({ status }: ExecutionState): boolean => status !== "in-progress";
const waitsForApproval = (state: ExecutionState): boolean => state.stages[0]?.actions[0]?.status === "in-progress";
const hang = ({ signal }: PerformRequest): Promise<PerformResult> =>
  new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"))),
  );

describe("Runner", () => {
  test("runs stages one after the other and writes down what each action came to", async () => {
    const order: string[] = [];
    const { runner, until } = await start(({ action }) => {
      order.push(action.name);
      return Promise.resolve(succeeded);
    });
    await runner.begin(pipeline(stage("Source", build("fetch")), stage("Build", build("b", ["a"]), build("a"))), trigger);
    const state = await until(ended);
    expect(order).toEqual(["fetch", "a", "b"]);
    expect(state).toMatchObject({ status: "succeeded", number: 1, stages: [{ actions: [{ output: { summary: "done" } }] }, {}] });
    await runner.close();
  });

  test("an approval goes on with who gave it and why; a second answer finds nothing to answer", async () => {
    const { runner, until } = await start(() => Promise.resolve(succeeded));
    const { id } = await runner.begin(pipeline(stage("DeployTo-prod", approval, build("deploy", ["gate"]))), trigger);
    await until(waitsForApproval);
    const answer = { approved: true, user: "bea", comment: "looks good" };
    expect(await runner.answerApproval(id, { stage: "DeployTo-prod", action: "gate" }, answer)).toBe("done");
    expect((await until(ended)).stages[0]?.actions[0]?.output).toEqual({
      summary: "approved by bea: looks good",
      approval: { user: "bea", comment: "looks good" },
    });
    expect(await runner.answerApproval(id, { stage: "DeployTo-prod", action: "gate" }, answer)).toBe("not-waiting");
    await runner.close();
  });

  test("a rejection fails the execution and nothing behind it runs", async () => {
    const { runner, until } = await start(() => Promise.resolve(succeeded));
    const { id } = await runner.begin(pipeline(stage("s", approval, build("deploy", ["gate"]))), trigger);
    await until(waitsForApproval);
    await runner.answerApproval(id, { stage: "s", action: "gate" }, { approved: false, user: "bea" });
    expect(await until(ended)).toMatchObject({
      status: "failed",
      stages: [{ actions: [{ failure: { kind: "rejected", reason: "rejected by bea" } }, { status: "pending" }] }],
    });
    await runner.close();
  });

  test("an approval waits across restarts, and ends when its time is over", async () => {
    let time = Date.parse("2026-01-01T00:00:00Z");
    const now = () => new Date(time);
    const first = await start(() => Promise.resolve(succeeded), now);
    await first.runner.begin(pipeline(stage("s", approval)), trigger);
    await first.until(waitsForApproval);
    await first.runner.close();
    time += 6 * 24 * 60 * 60_000;
    const second = await start(() => Promise.resolve(succeeded), now);
    await second.until(waitsForApproval);
    await second.runner.close();
    time += 2 * 24 * 60 * 60_000;
    const third = await start(() => Promise.resolve(succeeded), now);
    expect(await third.until(ended)).toMatchObject({
      stages: [{ actions: [{ failure: { kind: "timed-out", reason: "nobody approved within 7 days" } }] }],
    });
    await third.runner.close();
  });

  test("an action that takes too long is ended", async () => {
    const { runner, until } = await start(hang);
    await runner.begin(pipeline(stage("s", build("slow", [], { timeout: 20 }))), trigger);
    expect((await until(ended)).stages[0]?.actions[0]?.failure).toEqual({
      kind: "timed-out",
      reason: "it took longer than 20 milliseconds",
    });
    await runner.close();
  });

  test("stopping ends what is under way", async () => {
    const { runner, until } = await start(hang);
    const { id } = await runner.begin(pipeline(stage("s", build("slow"))), trigger);
    await until((state) => state.stages[0]?.actions[0]?.status === "in-progress");
    expect(await runner.stop(id, "ann")).toBe("done");
    expect(await until(ended)).toMatchObject({ status: "stopped", stages: [{ actions: [{ failure: { reason: "stopped by ann" } }] }] });
    expect(await runner.stop(id, "ann")).toBe("not-running");
    await runner.close();
  });

  test("a retry starts at the failed action", async () => {
    const performed: string[] = [];
    let healthy = false;
    const { runner, until } = await start(({ action }) => {
      performed.push(action.name);
      return Promise.resolve(
        healthy || action.name !== "b" ? succeeded : { kind: "failed", failure: { kind: "failed", reason: "exit code 1" } },
      );
    });
    await runner.begin(pipeline(stage("s", build("a"), build("b", ["a"]))), trigger);
    await until(ended);
    healthy = true;
    expect(await runner.retry(key, 1, { user: "ann" })).toBe("done");
    expect((await until(ended)).status).toBe("succeeded");
    expect(performed).toEqual(["a", "b", "b"]);
    expect(await runner.retry(key, 1, { user: "ann" })).toBe("not-failed");
    await runner.close();
  });

  test("what an action wrote last is in its failure", async () => {
    const { runner, until } = await start(({ log }) => {
      log("compiling");
      log("error: no main");
      return Promise.resolve({ kind: "failed", failure: { kind: "failed", reason: "exit code 2", exitCode: 2 } });
    });
    await runner.begin(pipeline(stage("s", build("a"))), trigger);
    expect((await until(ended)).stages[0]?.actions[0]?.failure).toMatchObject({ exitCode: 2, lastLines: ["compiling", "error: no main"] });
    await runner.close();
  });

  test("no more actions run at once than there are places", async () => {
    let [running, most] = [0, 0];
    const { runner, until } = await start(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return succeeded;
    });
    await runner.begin(pipeline(stage("s", ...Array.from({ length: 30 }, (_, index) => build(`a${index}`)))), trigger);
    await until(ended);
    expect(most).toBe(4);
    await runner.close();
  });
});

/** The fixture as one file: it is started so often that compiling it each time would take most of the test's time. */
async function bundleFixture(): Promise<string> {
  const input = fileURLToPath(new URL("../../../test/fakes/killed-runner.ts", import.meta.url));
  const file = join(await mkdtemp(join(tmpdir(), "killed-runner-")), "killed-runner.mjs");
  await bundle({ input, platform: "node", output: { file, format: "es", codeSplitting: false } });
  onTestFinished(() => rm(dirname(file), { recursive: true, force: true }));
  return file;
}

/** Runs the fixture until it ends; `true` when it was killed. */
function runFixture(fixture: string, boundary: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fixture, root, String(boundary)], { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0 || signal === "SIGKILL" ? resolve(signal === "SIGKILL") : reject(new Error(`exit code ${code}`)),
    );
  });
}

test(
  "kill -9 at every boundary of a run with 12 actions: it ends as without, and no finished action runs again",
  { timeout: 600_000 },
  async () => {
    const fixture = await bundleFixture();
    let boundaries = 0;
    for (let boundary = 0; ; boundary++) {
      await rm(root, { recursive: true, force: true });
      const killed = await runFixture(fixture, boundary);
      if (killed) expect(await runFixture(fixture, Number.MAX_SAFE_INTEGER)).toBe(false);
      const state = await new ExecutionStore(root).readExecution({ application: "shop", name: "main" }, 1);
      expect(state?.status, `boundary ${boundary}`).toBe("succeeded");
      const finished = (await readFile(join(root, "finished"), "utf8")).trim().split("\n");
      const repeated = finished.filter((name, index) => finished.indexOf(name) !== index);
      const inFlight = (await readFile(join(root, "killed"), "utf8").catch(() => "")).trim().split("\n");
      expect(
        repeated.filter((name) => !inFlight.includes(name)),
        `boundary ${boundary}`,
      ).toEqual([]);
      expect(new Set(finished).size).toBe(12);
      if (!killed) break;
      boundaries += 1;
    }
    await appendFile(join(root, "boundaries"), String(boundaries));
    expect(boundaries).toBeGreaterThan(24);
  },
);
