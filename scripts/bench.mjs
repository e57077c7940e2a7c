import { build, checkNode, installPackages, root } from "./house/dependencies.mjs";
import { ensureEngine } from "./house/engine.mjs";
import { endOn, part } from "./house/report.mjs";
import { run } from "./house/run.mjs";

try {
  checkNode();
  await part("Packages", installPackages);
  await part("Build", build);
  await part("Docker engine", ensureEngine);
  const { code } = await run(process.execPath, ["--import", "tsx", "bench/run.ts", ...process.argv.slice(2)], {
    cwd: root,
    stdout: "inherit",
  });
  process.exitCode = code;
} catch (error) {
  endOn(error);
}
