import fc from "fast-check";
import { expect, test } from "vitest";
import { containerLimits } from "./task-limits.ts";

test("a lone container has all of its task", () => {
  expect(containerLimits({ cpu: 256, memory: 512, hostProcessors: 4 }, ["api"], 0)).toEqual({
    memory: 512 * 1024 * 1024,
    processors: 0.25,
    processorShares: 256,
  });
});

test("containers never have more memory in all than their task, and the main one has the most", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 512, max: 16_384 }),
      fc.integer({ min: 256, max: 4096 }),
      (count, memory, cpu) => {
        const names = Array.from({ length: count }, (_, index) => `c${index}`);
        const limits = names.map((_, index) => containerLimits({ cpu, memory, hostProcessors: 2 }, names, index));
        expect(limits.reduce((sum, limit) => sum + limit.memory, 0)).toBeLessThanOrEqual(memory * 1024 * 1024);
        expect(Math.max(...limits.map((limit) => limit.memory))).toBe(limits[0]?.memory);
        expect(limits.every((limit) => limit.processors <= 2)).toBe(true);
      },
    ),
  );
});
