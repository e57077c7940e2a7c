import { build, checkNode, installPackages, root } from "./dependencies.mjs";
import { ensureEngine } from "./engine.mjs";
import { part } from "./report.mjs";
import { mustRun } from "./run.mjs";

/** Brings a machine to where the command and its tests run: packages, `dist/`, a Docker engine, base images. */
export async function prepare() {
  checkNode();
  await part("Packages", installPackages);
  await part("Build", build);
  await part("Docker engine", ensureEngine);
  await part("Base images", () =>
    mustRun(process.execPath, ["--import", "tsx", "scripts/base-images.ts"], { cwd: root, quiet: false }).then(() => "ready"),
  );
}
