import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./house/dependencies.mjs";
import { endOn } from "./house/report.mjs";

/**
 * `npm run emulator`: installs ministack, an emulator of AWS with a registry of images, from PyPI below node_modules/.cache. Tests that want an
 * AWS besides our own fake use it where it is.
 */
const version = "1.5.33";
const folder = join(root, "node_modules", ".cache", `ministack-${version}`);

try {
  if (!existsSync(join(folder, "bin", "ministack"))) {
    process.stderr.write(`Installing ministack ${version} into ${folder}\n`);
    execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
    const quiet = ["--quiet", "--disable-pip-version-check"];
    execFileSync(join(folder, "bin", "pip"), ["install", ...quiet, `ministack[full]==${version}`], { stdio: "inherit" });
  }
  process.stdout.write(`${folder}\n`);
} catch (error) {
  endOn(error);
}
