import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Problem } from "../../src/model/problem.ts";
import { isJsonObject } from "../../src/targets/aws/cloudformation/json.ts";

/** Two files that should mean the same. */
export interface FilePair {
  /** What the comparison is called when it is printed. */
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

/** What the comparison program says of a pair. */
export interface ComparisonResult {
  readonly name: string;
  readonly isEqual: boolean;
  /** A line for each difference. */
  readonly differences: readonly string[];
}

const driver = fileURLToPath(new URL("compare-all.py", import.meta.url));

/** What {@link compareFiles} compares with. */
export interface Comparison {
  /** The comparison program. */
  readonly program: string;
  /** The list of deliberate differences, as the program's `--allow` takes it. */
  readonly allow: string;
}

/** Compares pairs. Throws a Problem when the program or what it needs is missing. */
export async function compareFiles({ program, allow }: Comparison, pairs: readonly FilePair[]): Promise<readonly ComparisonResult[]> {
  if (!existsSync(program)) throw cannotCompare(`${program} is not there`);
  if (pairs.length === 0) return [];
  const input = pairs.map(({ name, expected, actual }) => JSON.stringify([name, expected, actual])).join("\n");
  const { code, stdout, stderr } = await runPython([driver, program, allow], input);
  if (code !== 0) throw cannotCompare(stderr.trim());
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => toResult(JSON.parse(line)));
}

/** The comparison program says itself how to get what it lacks. */
const cannotCompare = (why: string): Problem =>
  new Problem("nothing-compared", `The files are written, but nothing can be compared: ${why}`);

function toResult(answer: unknown): ComparisonResult {
  if (!isJsonObject(answer)) throw new Error("the comparison program answered something else than an object");
  const lines = Array.isArray(answer["lines"]) ? answer["lines"].map(String) : [];
  // A file that cannot be compared ends the program by a message instead of a number.
  const exit = answer["exit"];
  const differences = lines.filter((line) => !/^\d+ of \d+ equal$/.test(line)).filter((line) => !isIncomparable(line));
  const shown = differences.map((line) => (line.length > 400 ? `${line.slice(0, 397)}...` : line));
  const unreadable = exit === 0 || exit === 1 ? [] : [JSON.stringify(exit)];
  return {
    name: typeof answer["name"] === "string" ? answer["name"] : "",
    isEqual: differences.length + unreadable.length === 0,
    differences: [...unreadable, ...shown],
  };
}

/**
 * Whether a difference is only one of hashes: keys of uploaded objects, and digests of images, hold hashes of the original's own files.
 * The address of a bucket may name its region or not.
 */
function isIncomparable(line: string): boolean {
  const [, expected, actual] = /: expected (".*"), got (".*")$/.exec(line) ?? [];
  if (expected === undefined || actual === undefined) return false;
  return withoutHashes(expected) === withoutHashes(actual) || expected.includes("@sha256:");
}

const withoutHashes = (text: string): string =>
  text.replaceAll(/[0-9a-f]{64}/g, "<hash>").replaceAll(/\.s3\.[a-z0-9-]+\.amazonaws/g, ".s3.amazonaws");

const runPython = (args: readonly string[], input: string): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn("python3", args, { stdio: ["pipe", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.on("error", () => reject(cannotCompare("python3 is not there")));
    child.on("close", (code) => resolve({ code: code ?? 1, ...output }));
    child.stdin.end(input);
  });
