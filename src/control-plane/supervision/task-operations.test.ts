import { expect, test } from "vitest";
import { FakeEngine } from "../../../test/fakes/fake-engine.ts";
import { holderName, labelNames, workloadLabels } from "../object-names.ts";
import type { WorkloadState } from "../state/state.ts";
import { TaskTable } from "../tasks/task-table.ts";
import { Prober } from "./prober.ts";
import { toServiceTasks, type TaskWork } from "./service-tasks.ts";
import { TaskOperations } from "./task-operations.ts";

const key = { application: "shop", environment: "test", workload: "api" };
const state: WorkloadState = { lastRevision: 1, releases: [], earlier: [], runs: [], isRemoving: false };

test("a task whose start was interrupted has not crashed while it is taken away, though its containers are seen to end", async () => {
  const engine = new FakeEngine();
  engine.addImage("base:1");
  await engine.createNetwork({ name: "n", labels: {} });
  const labels = {
    ...workloadLabels("test", key),
    [labelNames.task]: "t1",
    [labelNames.role]: "holder",
    [labelNames.members]: "api",
    [labelNames.revision]: "1",
    [labelNames.specification]: "s",
  };
  const name = holderName("test", key, "t1");
  const holder = await engine.createContainer({ name, image: "base:1", labels, network: { kind: "network", name: "n" }, restart: "no" });
  await engine.startContainer(holder);
  const table = new TaskTable(engine, "test");
  await table.resync();
  const look = (work: TaskWork) =>
    toServiceTasks(table.tasksOf(key), { work, wasInterrupted: () => false, probeStatus: () => undefined, now: 0, includesRuns: false });

  const seen: unknown[] = [];
  await new Promise<void>((changed, failed) => {
    const runner = {
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      async remove() {
        engine.exit(holder, 137);
        await table.refresh(holder);
        seen.push(...look(operations.work).map(({ phase, crash }) => ({ phase, crash })));
      },
    };
    const parts = { table, runner, prober: new Prober(() => undefined), drainer: { drain: () => Promise.resolve() } };
    const operations = new TaskOperations(key, parts, { changed, failed: (_, error) => failed(error), tell: () => undefined });
    expect(look(operations.work)).toMatchObject([{ phase: "abandoned" }]);
    operations.perform(state, { kind: "remove-task", taskId: "t1" }, "its start was interrupted");
  });
  expect(seen).toEqual([{ phase: "stopping", crash: undefined }]);
});
