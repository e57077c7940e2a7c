import { expect, test } from "vitest";
import { retryDelay } from "./run-job.ts";

test("retries wait as Step Functions does: 10 s, then 1.5 times as long each", () => {
  expect([1, 2, 3].map(retryDelay)).toEqual([10_000, 15_000, 22_500]);
});
