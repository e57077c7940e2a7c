import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Variables of every command that a scenario runs: an instance of its own on the engine at hand, a home of its own. */
    readonly environment: Record<string, string>;
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const script = (name: string, environment: NodeJS.ProcessEnv): void =>
  void execFileSync(process.execPath, ["--import", "tsx", `scripts/${name}`], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "ignore", "inherit"],
  });

/** Gives the scenarios an instance of their own, and takes it away when they have run. */
export default function setup(project: TestProject): () => void {
  const home = mkdtempSync(join(tmpdir(), "copilot-scenarios-"));
  const own = {
    COPILOT_INSTANCE: `test-${randomBytes(3).toString("hex")}`,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_STATE_HOME: join(home, "state"),
    XDG_CACHE_HOME: join(home, "cache"),
    NO_COLOR: "1",
  };
  project.provide("environment", own);
  const environment = { ...process.env, ...own };
  script("base-images.ts", environment);
  return () => {
    if (process.env["COPILOT_KEEP"]) {
      process.stderr.write(`Kept the instance ${own.COPILOT_INSTANCE} and ${home}.\n`);
      return;
    }
    script("remove-platform.ts", environment);
    rmSync(home, { recursive: true, force: true });
  };
}
