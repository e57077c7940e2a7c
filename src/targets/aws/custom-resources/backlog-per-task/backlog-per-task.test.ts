import { describe, expect, it } from "vitest";
import { backlogLines, toBacklogSettings } from "./backlog-per-task.ts";

const SETTINGS = toBacklogSettings({ CLUSTER_NAME: "c", SERVICE_NAME: "s", NAMESPACE: "demo-test-worker", QUEUE_NAMES: "events,orders" });
const messages: Readonly<Record<string, number>> = { events: 101, orders: 0 };
const waitingMessages = (queue: string) => Promise.resolve(messages[queue] ?? 0);

describe("backlogLines", () => {
  it.each([
    [10, 11, 0],
    [1, 101, 0],
    [0, 101, 0],
  ])("with %i tasks running", async (tasks, events, orders) => {
    const lines = await backlogLines({ runningTasks: () => Promise.resolve(tasks), waitingMessages }, SETTINGS, 1700);
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      [
        ["events", events],
        ["orders", orders],
      ].map(([QueueName, BacklogPerTask]) => ({
        _aws: {
          Timestamp: 1700,
          CloudWatchMetrics: [
            { Namespace: "demo-test-worker", Dimensions: [["QueueName"]], Metrics: [{ Name: "BacklogPerTask", Unit: "Count" }] },
          ],
        },
        QueueName,
        BacklogPerTask,
      })),
    );
  });

  it("says that the service is missing", async () => {
    const consumers = { runningTasks: () => Promise.resolve(undefined), waitingMessages };
    await expect(backlogLines(consumers, SETTINGS, 0)).rejects.toThrow("Service s of cluster c does not exist");
  });

  it("gives no line at all when one queue cannot be read", async () => {
    const consumers = { runningTasks: () => Promise.resolve(1), waitingMessages: () => Promise.reject(new Error("QueueDoesNotExist")) };
    await expect(backlogLines(consumers, SETTINGS, 0)).rejects.toThrow("QueueDoesNotExist");
  });
});
