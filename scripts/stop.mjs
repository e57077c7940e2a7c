import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./house/dependencies.mjs";
import { stopEngine } from "./house/engine.mjs";
import { elapsed, endOn, part } from "./house/report.mjs";
import { hasProgram, mustRun, run } from "./house/run.mjs";

const copilot = (args, options) => run(process.execPath, [join(root, "dist", "bin.js"), ...args], { cwd: root, ...options });

/** Whether a control plane stands on the engine: asking it for anything would start one. */
async function hasControlPlane() {
  const filters = ["label=copilot.role=control-plane", `label=copilot.instance=${process.env.COPILOT_INSTANCE || "default"}`];
  return (await mustRun("docker", ["ps", "--all", "--quiet", ...filters.flatMap((filter) => ["--filter", filter])])).trim() !== "";
}

/** The applications on the engine. */
async function applications() {
  if (!(await hasControlPlane())) return [];
  const { code, output } = await copilot(["app", "ls"], { quiet: true, output: "stdout" });
  if (code !== 0) throw new Error("copilot app ls failed: nothing is removed, because applications of yours could be there.");
  return output.trim().split(/\s+/).filter(Boolean);
}

async function deleteSample() {
  const { code } = await copilot(["app", "delete", "--name", "orders", "--yes"]);
  if (code !== 0) throw new Error("copilot app delete failed: its messages stand above.");
  return "deleted";
}

/** `npm stop`: takes away what `npm start` made. Applications of one's own, and an engine that was there before, stay. */
try {
  const engineAnswers = (await hasProgram("docker")) && (await run("docker", ["version"], { quiet: true })).code === 0;
  if (engineAnswers && existsSync(join(root, "dist", "bin.js"))) {
    const known = await applications();
    await part("Application orders", async () => (known.includes("orders") ? deleteSample() : "not there"));
    rmSync(join(root, ".sample"), { recursive: true, force: true });
    const others = known.filter((name) => name !== "orders");
    await part("Control plane and base images", async () => {
      if (others.length > 0) return `kept: ${others.join(", ")} still run here`;
      return (await mustRun(process.execPath, ["--import", "tsx", "scripts/remove-platform.ts", "--stand-ins"], { cwd: root })).trim();
    });
  }
  await part("Docker engine", stopEngine);
  process.stdout.write(`Done in ${elapsed()}.\n`);
} catch (error) {
  endOn(error);
}
