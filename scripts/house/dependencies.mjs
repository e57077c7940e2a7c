import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "./run.mjs";

/** The folder of the checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

const marks = join(root, "node_modules", ".cache", "copilot");
const readMark = (name) => {
  try {
    return readFileSync(join(marks, name), "utf8");
  } catch {
    return undefined;
  }
};
const writeMark = (name, value) => {
  mkdirSync(marks, { recursive: true });
  writeFileSync(join(marks, name), value);
};

/** Refuses a Node.js that the project does not support. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(
      `Node.js ${process.versions.node} is too old: 20.19 or later is needed.\n  Install a newer one from your distribution or https://nodejs.org.`,
    );
  }
}

/** Installs the npm packages of the lock file where they are not installed yet. */
export async function installPackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (readMark("packages") === lock) return "nothing to install";
  await mustRun("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root });
  writeMark("packages", lock);
  return "npm packages installed";
}

function hashFiles(folders) {
  const hash = createHash("sha256");
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).toSorted()) visit(join(path, name));
    else hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  };
  for (const folder of folders) visit(join(root, folder));
  return hash.digest("hex");
}

/** Builds `dist/` where it does not stand for the sources as they are. */
export async function build() {
  const sources = hashFiles(["src", "scripts/build.mjs", "package.json", "package-lock.json"]);
  if (readMark("build") === sources && readdirSync(root).includes("dist")) return "up to date";
  await mustRun(process.execPath, ["scripts/build.mjs"], { cwd: root });
  writeMark("build", sources);
  return "built";
}
