import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Pipeline } from "../../model/pipeline.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import { ExecutionStore } from "./execution-store.ts";
import { keepStream } from "./perform-source.ts";
import type { Performer } from "./performer.ts";
import { Runner } from "./runner.ts";
import { Readable } from "node:stream";
import { mountSmallDisk } from "../../../test/fakes/small-disk.ts";

let folder = "";
let mounted = false;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "full-disk-"));
  mounted = mountSmallDisk(folder);
});
afterEach(() => {
  if (mounted) execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true, force: true });
});

const pipeline: Pipeline = {
  application: "shop",
  name: "main",
  executionMode: "superseded",
  source: { provider: "Git", repository: "copilot", branch: "main" },
  stages: [
    {
      name: "Build",
      onFailure: "stop",
      actions: ["a", "b"].map((name) => ({
        name,
        work: { kind: "build", image: "base", buildspec: { kind: "commands", commands: [] } },
        runOrder: 1,
        after: name === "a" ? [] : ["a"],
      })),
    },
  ],
};

function start(perform: Performer["perform"], onProblem: (problem: string) => void) {
  let settle: (state: ExecutionState) => void = () => undefined;
  const ended = new Promise<ExecutionState>((resolve) => {
    settle = resolve;
  });
  const runner = new Runner({
    store: new ExecutionStore(folder),
    performer: { perform, rollBack: () => Promise.resolve({ restored: [] }) },
    now: () => new Date(),
    concurrency: 1,
    onUpdate: (update) => {
      if (update.type === "state" && update.state.status !== "in-progress") settle(update.state);
    },
    onProblem,
  });
  return { runner, ended };
}

const trigger = { kind: "push", user: "ann", branch: "main", commit: "c0ffee" } as const;
const fill = (): void => {
  try {
    for (let index = 0; ; index++) writeFileSync(join(folder, `filler-${index}`), Buffer.alloc(4096));
  } catch {
    // Full, as it should be.
  }
};
const free = (): void => void execFileSync("sh", ["-c", 'rm -f "$1"/filler-*', "sh", folder], { stdio: "ignore" });

test("an action that finds no room fails and says why; a retry with room goes on from it", async (context) => {
  if (!mounted) context.skip("a small file system can only be mounted by root on Linux");
  let full = true;
  const problems: string[] = [];
  const perform: Performer["perform"] = async ({ action, folder: place }) => {
    if (action.name === "b")
      await keepStream(Readable.from([Buffer.alloc(full ? 2 * 1024 * 1024 : 16)]), join(place, "artifacts", "b.tar"));
    return { kind: "succeeded", output: { summary: "done" } };
  };
  const { runner, ended } = start(perform, (problem) => problems.push(problem));
  await runner.begin(pipeline, trigger);
  const state = await ended;
  expect(state.stages[0]?.actions[1]).toMatchObject({
    status: "failed",
    failure: { reason: expect.stringContaining("the disk of the control plane is full"), hint: "docker system prune" },
  });
  expect(state.stages[0]?.actions[0]?.status).toBe("succeeded");
  full = false;
  rmSync(join(folder, "shop/pipelines/main/executions/1/artifacts"), { recursive: true, force: true });
  expect(await runner.retry({ application: "shop", name: "main" }, 1, { user: "ann" })).toBe("done");
  await runner.idle();
  await runner.close();
  expect((await new ExecutionStore(folder).readExecution({ application: "shop", name: "main" }, 1))?.status).toBe("succeeded");
});

test("a journal that cannot be written waits for room, and what has happened is not done again", async (context) => {
  if (!mounted) context.skip("a small file system can only be mounted by root on Linux");
  const performed: string[] = [];
  let told: () => void = () => undefined;
  const full = new Promise<void>((resolve) => {
    told = resolve;
  });
  const perform: Performer["perform"] = ({ action }) => {
    performed.push(action.name);
    if (action.name === "a") fill();
    return Promise.resolve({ kind: "succeeded", output: { summary: "x".repeat(8192) } });
  };
  const { runner, ended } = start(perform, () => told());
  await runner.begin(pipeline, trigger);
  await full;
  free();
  expect((await ended).status).toBe("succeeded");
  expect(performed).toEqual(["a", "b"]);
  await runner.close();
});
