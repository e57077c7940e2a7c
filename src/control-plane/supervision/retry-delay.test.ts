import { expect, test } from "vitest";
import { Retries } from "./retry-delay.ts";

test("the same trouble is told once and tried ever more rarely, until it was calm for a while", () => {
  const retries = new Retries();
  const waits: number[] = [];
  const news: boolean[] = [];
  let now = 1_000_000;
  for (let time = 0; time < 9; time++) {
    news.push(retries.failed("no route", now));
    waits.push(retries.until - now);
    now = retries.until;
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(news).toEqual([true, ...Array.from({ length: 8 }, () => false)]);
  expect(retries.failed("no disk", now)).toBe(true);

  now = retries.until + 10_000;
  expect(retries.failed("no disk", now)).toBe(true);
  expect(retries.until - now).toBe(500);
});
