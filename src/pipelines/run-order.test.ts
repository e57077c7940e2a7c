import { expect, test } from "vitest";
import { rankActions } from "./run-order.ts";

const action = (name: string, ...dependsOn: string[]) => ({ name, dependsOn });

test("an action ranks one above the highest that it depends on", () => {
  const order = rankActions([action("web", "api", "db"), action("api", "db"), action("db"), action("cron")]);
  if (order.kind !== "ranks") throw new Error(`cycle: ${order.names.join()}`);
  expect(["db", "cron", "api", "web"].map(order.rank)).toEqual([0, 0, 1, 2]);
});

test("names that wait for each other are told, without those that only lead there", () => {
  expect(rankActions([action("entry", "a"), action("a", "b"), action("b", "a")])).toEqual({ kind: "cycle", names: ["a", "b"] });
});

test("an action that waits for itself is a cycle", () => {
  expect(rankActions([action("a", "a")])).toEqual({ kind: "cycle", names: ["a"] });
});

test("an action that waits for one outside the group ranks behind it", () => {
  const order = rankActions([action("seed", "elsewhere"), action("check")]);
  if (order.kind !== "ranks") throw new Error(`cycle: ${order.names.join()}`);
  expect(["check", "seed"].map(order.rank)).toEqual([0, 1]);
});
