// Runs a pipeline of 12 actions below a folder and kills itself with SIGKILL at the given boundary: one stands before and one in the middle of
// every action, one behind it before its end is in the journal, and one behind every event.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Pipeline } from "../../src/model/pipeline.ts";
import { ExecutionStore } from "../../src/control-plane/pipelines/execution-store.ts";
import { Runner } from "../../src/control-plane/pipelines/runner.ts";
import { buildAction as build } from "../samples/pipelines.ts";

const [root = "", boundaryText = "0"] = process.argv.slice(2);
const boundary = Number(boundaryText);
let passed = 0;
const underWay = new Set<string>();

/** Ends this process the hard way when its turn has come. */
function pass(): void {
  if (passed++ !== boundary) return;
  appendFileSync(join(root, "killed"), `${[...underWay].join("\n")}\n`);
  process.kill(process.pid, "SIGKILL");
}

const pipeline: Pipeline = {
  application: "shop",
  name: "main",
  executionMode: "superseded",
  source: { provider: "Git", repository: "copilot", branch: "main" },
  stages: [
    { name: "Source", onFailure: "stop", actions: [build("source")] },
    { name: "Build", onFailure: "stop", actions: [build("build")] },
    {
      name: "DeployTo-test",
      environment: "test",
      onFailure: "stop",
      actions: [build("t-migrate"), build("t-api", ["t-migrate"]), build("t-web", ["t-migrate"]), build("t-tests", ["t-api", "t-web"])],
    },
    {
      name: "DeployTo-prod",
      environment: "prod",
      onFailure: "stop",
      actions: [
        build("p-migrate"),
        ...["p-api", "p-web", "p-job", "p-site"].map((name) => build(name, ["p-migrate"])),
        build("p-tests", ["p-api", "p-web", "p-job", "p-site"]),
      ],
    },
  ],
};

mkdirSync(root, { recursive: true });
const store = new ExecutionStore(root);
const runner = new Runner({
  store,
  performer: {
    perform: async ({ action }) => {
      underWay.add(action.name);
      pass();
      await new Promise((resolve) => setImmediate(resolve));
      pass();
      appendFileSync(join(root, "finished"), `${action.name}\n`);
      pass();
      return { kind: "succeeded", output: { summary: "done" } };
    },
    rollBack: () => Promise.resolve({ restored: [] }),
  },
  now: () => new Date(),
  concurrency: 4,
  onUpdate: (update) => {
    if (update.type !== "state") return;
    for (const { actions } of update.state.stages)
      for (const { name, status } of actions) if (status === "succeeded") underWay.delete(name);
    pass();
  },
  onProblem: (problem) => {
    process.stderr.write(`${problem}\n`);
    process.exit(1);
  },
});

await store.putDefinition({ pipeline, manifest: "", createdAt: "", updatedAt: "", user: "ann", images: {} });
await runner.start();
const key = { application: pipeline.application, name: pipeline.name };
if ((await store.readExecution(key, 1)) === undefined)
  await runner.begin(pipeline, { kind: "push", user: "ann", branch: "main", commit: "c0ffee" });
while (runner.states().length > 0) await new Promise((resolve) => setImmediate(resolve));
await runner.close();
