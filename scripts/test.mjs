import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./house/dependencies.mjs";
import { prepare } from "./house/prepare.mjs";
import { elapsed, endOn, part } from "./house/report.mjs";
import { mustRun, run } from "./house/run.mjs";

/** The contract tests of AWS clients run against it too; without Python or its registry they do not, and say so. */
async function installEmulator() {
  const { code, output } = await run(process.execPath, ["scripts/install-emulator.mjs"], { cwd: root, quiet: true });
  return code === 0 ? "ready" : `left out: ${output.trim().split("\n").at(-1) ?? "it could not be installed"}`;
}

/** `npm test`: sets up what the tests need, runs all of them, and closes on a line that counts them. Arguments go to vitest. */
const results = join(root, "node_modules", ".cache", "copilot", "test-results.json");

try {
  await prepare();
  await part("Emulator of AWS", installEmulator);
  mkdirSync(join(results, ".."), { recursive: true });
  rmSync(results, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  // The contract tests talk to the engine itself, and find it where `docker` does.
  const host = (await mustRun("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])).trim();
  const { code } = await run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, DOCKER_HOST: process.env.DOCKER_HOST || host },
    stdout: "inherit",
  });
  if (!existsSync(results)) throw new Error("The tests did not run to their end: no results were written.");
  const { numPassedTests, numFailedTests, numPendingTests, numTotalTestSuites, numFailedTestSuites } = JSON.parse(
    readFileSync(results, "utf8"),
  );
  process.stderr.write(`${numTotalTestSuites} suites in ${elapsed()}\n`);
  process.exitCode = code;
  const failed = Math.max(numFailedTests, code === 0 ? 0 : Math.max(1, numFailedTests === 0 ? numFailedTestSuites : 0));
  process.stdout.write(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ""}\n`);
} catch (error) {
  endOn(error);
}
