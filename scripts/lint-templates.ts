import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isJsonObject } from "../src/targets/aws/cloudformation/json.ts";
import { readInputs } from "../test/conformance/inputs.ts";
import { renderGoldens } from "../test/conformance/render-golden.ts";
import { renderWorkspace } from "../test/conformance/render-workspace.ts";
import type { RenderedFile } from "../test/conformance/rendering.ts";
import { workspaceFiles } from "../test/conformance/workspace-files.ts";

/*
 * Checks every template that the conformance program renders with cfn-lint, and the original's beside it: ends 1 when one of ours has a
 * kind of error that the original's does not have. cfn-lint comes from PyPI into a virtual environment under node_modules/.cache.
 */

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const shared = join(root, "..", "shared");
const version = "1.58.0";

/** The program, installed where it is not. Throws when it cannot be. */
async function installLinter(): Promise<string> {
  const folder = join(root, "node_modules", ".cache", `cfn-lint-${version}`);
  const program = join(folder, "bin", "cfn-lint");
  if (existsSync(program)) return program;
  console.error(`Installing cfn-lint ${version} into ${folder}`);
  await run("python3", ["-m", "venv", folder]);
  await run(join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", `cfn-lint==${version}`]);
  return program;
}

interface TemplatePair {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

function pairsOf(files: readonly RenderedFile[], places: { readonly expected: string; readonly out: string; readonly title: string }) {
  const templates = files.filter(({ path }) => isWholeTemplate(path) && existsSync(join(places.expected, path)));
  return templates.map(({ path, content }): TemplatePair => {
    const actual = join(places.out, places.title, path);
    mkdirSync(dirname(actual), { recursive: true });
    writeFileSync(actual, content);
    return { name: `${places.title}/${path}`, expected: join(places.expected, path), actual };
  });
}

const isWholeTemplate = (path: string): boolean =>
  /\.ya?ml$/.test(path) && !/\.addons\.yml$|^addons\/|^stacklocal\/|^taskdef-overrides\//.test(path);

function allPairs(out: string): readonly TemplatePair[] {
  const golden = join(shared, "golden");
  const real = join(shared, "real");
  const goldens = existsSync(golden) ? pairsOf(renderGoldens(golden), { expected: golden, out, title: "golden" }) : [];
  const workspaces = existsSync(real) ? readdirSync(real).filter((name) => existsSync(join(real, name, "inputs.json"))) : [];
  return [
    ...goldens,
    ...workspaces.flatMap((name) => {
      const folder = join(real, name);
      const files = renderWorkspace(readInputs(folder), workspaceFiles(folder));
      return pairsOf(files, { expected: join(folder, "expected"), out, title: name });
    }),
  ];
}

/** The kinds of errors of each file, by the file. */
type ErrorKinds = ReadonlyMap<string, ReadonlyMap<string, string>>;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

async function lint(program: string, files: readonly string[]): Promise<ErrorKinds> {
  const kinds = new Map<string, Map<string, string>>();
  const { stdout } = await run(program, ["--format", "json", "--non-zero-exit-code", "none", "--", ...files], { maxBuffer: 1 << 28 });
  const findings: unknown = JSON.parse(stdout === "" ? "[]" : stdout);
  for (const finding of Array.isArray(findings) ? findings : []) {
    if (!isJsonObject(finding) || finding["Level"] !== "Error") continue;
    const rule = isJsonObject(finding["Rule"]) ? textOf(finding["Rule"]["Id"]) : "";
    const file = textOf(finding["Filename"]);
    const place =
      isJsonObject(finding["Location"]) && Array.isArray(finding["Location"]["Path"]) ? finding["Location"]["Path"].join("/") : "";
    kinds.set(file, (kinds.get(file) ?? new Map<string, string>()).set(rule, `${place}: ${textOf(finding["Message"])}`));
  }
  return kinds;
}

/** Lints files in as many processes as there are processors. */
async function lintAll(program: string, files: readonly string[]): Promise<ErrorKinds> {
  const count = availableParallelism();
  const shares = Array.from({ length: count }, (_, share) => files.filter((__, index) => index % count === share));
  const results = await Promise.all(shares.filter((share) => share.length > 0).map((share) => lint(program, share)));
  return new Map(results.flatMap((result) => Array.from(result)));
}

async function main(out: string): Promise<number> {
  const pairs = allPairs(out);
  if (pairs.length === 0) {
    console.error(`Nothing was checked: the original's templates are not at ${shared}`);
    return 2;
  }
  const program = await installLinter();
  const kinds = await lintAll(program, [...new Set(pairs.flatMap(({ expected, actual }) => [expected, actual]))]);
  const fresh = pairs.flatMap(({ name, expected, actual }) => {
    const theirs = kinds.get(expected) ?? new Map<string, string>();
    return [...(kinds.get(actual) ?? [])].filter(([rule]) => !theirs.has(rule)).map(([rule, what]) => `${name}: ${rule} at ${what}`);
  });
  for (const line of fresh) console.log(line);
  const count = (side: "expected" | "actual") => new Set(pairs.flatMap((pair) => [...(kinds.get(pair[side])?.keys() ?? [])])).size;
  console.log(
    `${pairs.length} templates: ${fresh.length} kinds of errors that the original's template does not have; ` +
      `${count("actual")} kinds in all of ours, ${count("expected")} in all of the original's`,
  );
  return fresh.length === 0 ? 0 : 1;
}

const out = mkdtempSync(join(tmpdir(), "lint-templates-"));
try {
  process.exitCode = await main(out);
} finally {
  rmSync(out, { recursive: true });
}
