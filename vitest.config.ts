import { defineConfig } from "vitest/config";

/** Milliseconds after which a test that waits for something gives up: long, since only a failing test ever waits so long. */
const patience = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "test/*.test.ts", "test/contracts/**/*.test.ts", "scripts/**/*.test.ts"],
          testTimeout: 2 * patience,
          hookTimeout: 2 * patience,
          expect: { requireAssertions: true, poll: { timeout: patience } },
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/scenarios/**/*.test.ts"],
          globalSetup: ["test/scenarios/engine.ts"],
          testTimeout: 10 * patience,
          hookTimeout: 10 * patience,
          expect: { poll: { timeout: patience } },
          fileParallelism: false,
        },
      },
    ],
  },
});
