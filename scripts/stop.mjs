import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./house/dependencies.mjs";
import { stopEngine } from "./house/engine.mjs";
import { elapsed, endOn, part } from "./house/report.mjs";
import { hasProgram, mustRun, run } from "./house/run.mjs";

/** `npm stop`: takes away what `npm start` made. Applications of one's own, and an engine that was there before, stay. */
try {
  const engineAnswers = (await hasProgram("docker")) && (await run("docker", ["version"], { quiet: true })).code === 0;
  if (engineAnswers && existsSync(join(root, "dist", "bin.js"))) {
    await part("Application orders", async () => {
      const { code, output } = await run(process.execPath, [join(root, "dist", "bin.js"), "app", "delete", "--name", "orders", "--yes"], {
        cwd: root,
      });
      if (code !== 0 && !/application-not-found|does not exist/.test(output))
        throw new Error("copilot app delete failed: its messages stand above.");
      rmSync(join(root, ".sample"), { recursive: true, force: true });
      return "deleted";
    });
    await part("Control plane and base images", async () => {
      const { code, output: others } = await run(process.execPath, [join(root, "dist", "bin.js"), "app", "ls"], {
        quiet: true,
        output: "stdout",
      });
      if (code !== 0) throw new Error("copilot app ls failed: nothing is removed, because applications of yours could be there.");
      if (others.trim() !== "") return `kept: ${others.trim().split(/\s+/).join(", ")} still run here`;
      return (await mustRun(process.execPath, ["--import", "tsx", "scripts/remove-platform.ts", "--stand-ins"], { cwd: root })).trim();
    });
  }
  await part("Docker engine", stopEngine);
  process.stdout.write(`Done in ${elapsed()}.\n`);
} catch (error) {
  endOn(error);
}
