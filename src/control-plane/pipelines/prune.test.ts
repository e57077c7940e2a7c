import { expect, test } from "vitest";
import { choosePruned, type EndedExecution } from "./prune.ts";

const limits = { artifactAge: 1_000, artifactBytes: 100, executions: 3 };
const execution = (number: number, bytes: number, endedAt = 10_000): EndedExecution => ({ number, bytes, endedAt });

test("the newest keeps its artifacts whatever their size and age", () => {
  expect(choosePruned([execution(1, 1_000, 0)], 10_000, limits)).toEqual({ executions: [], artifacts: [] });
});

test("older ones lose theirs by size, then by age", () => {
  expect(choosePruned([execution(1, 30), execution(2, 30), execution(3, 60)], 10_000, limits).artifacts).toEqual([1]);
  expect(choosePruned([execution(1, 1, 0), execution(2, 1), execution(3, 1)], 10_000, limits).artifacts).toEqual([1]);
});

test("beyond the number that is remembered whole executions go", () => {
  const all = [1, 2, 3, 4, 5].map((number) => execution(number, 1));
  expect(choosePruned(all, 10_000, limits).executions).toEqual([2, 1]);
});
