import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./dependencies.mjs";
import { mustRun, run } from "./run.mjs";

/** Where the sample lives: a repository of its own, copied from `examples/orders` once. */
export const sample = join(root, ".sample", "orders");
const bin = join(root, "dist", "bin.js");

/** Runs the command in the sample as a person would, its progress shown. */
export async function copilot(...args) {
  const { code, output } = await run(process.execPath, [bin, ...args], { cwd: sample });
  if (code !== 0) throw new Error(`copilot ${args.join(" ")} ended with ${code}.\n${output.trim().split("\n").slice(-5).join("\n")}`);
  return output;
}

/** The answer of a command that prints JSON. */
export async function ask(...args) {
  return JSON.parse(await mustRun(process.execPath, [bin, ...args, "--json"], { cwd: sample, output: "stdout" }));
}

/** Runs git in the sample's repository; answers what it printed. */
export function git(...args) {
  const author = ["-c", "user.name=npm start", "-c", "user.email=start@localhost"];
  return execFileSync("git", [...author, ...args], { cwd: sample, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}

/** Copies the sample where it is not there yet, makes it a repository, and commits what is new in it. */
export function commitSample(message) {
  if (!existsSync(sample)) cpSync(join(root, "examples", "orders"), sample, { recursive: true });
  if (!existsSync(join(sample, ".git"))) git("init", "--quiet", "--initial-branch=main", ".");
  git("add", "--all");
  if (git("status", "--porcelain") === "") return `${sample} is as it was`;
  git("commit", "--quiet", "--message", message);
  return message;
}
