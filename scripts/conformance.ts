import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Problem } from "../src/model/problem.ts";
import type { FilePair } from "../test/conformance/comparison.ts";
import { compareFiles } from "../test/conformance/comparison.ts";
import { readInputs } from "../test/conformance/inputs.ts";
import { refusedMerges, renderGoldens } from "../test/conformance/render-golden.ts";
import { renderWorkspace } from "../test/conformance/render-workspace.ts";
import type { RenderedFile } from "../test/conformance/rendering.ts";
import { workspaceFiles } from "../test/conformance/workspace-files.ts";

const usage = `Usage: npm run conformance -- [--workspace DIR]... [--out OUT] [--shared DIR] [--quiet]

Without a workspace: renders every golden case and writes each under the golden file's own relative path in OUT.
With one: packages every environment, workload and pipeline of a folder that has an inputs.json, and writes each under
the relative path that its expected/ has. A folder of such folders stands for all of them, each in a folder of its own.
Then compares with what is expected, prints the differences, and last the counts. Ends 1 when something differs.
`;

/** A set of rendered files with what they should be. */
interface Conformed {
  /** What differences are printed under; empty for a single set. */
  readonly title: string;
  readonly files: readonly RenderedFile[];
  /** Where the files that are expected lie. */
  readonly expected: string;
  readonly out: string;
}

/** A part of the templates of goldens stands alone in its file; the comparison program wants it in its section. */
const partialGoldens = new Set(["stacklocal/autoscaling-svc-cf.yml", "stacklocal/override-cf.yml"]);

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

function workspacesIn(folder: string): readonly string[] {
  if (existsSync(join(folder, "inputs.json"))) return [folder];
  if (!existsSync(folder)) return [];
  const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return inside.map(({ name }) => join(folder, name)).filter((path) => existsSync(join(path, "inputs.json")));
}

function write(out: string, files: readonly RenderedFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), content);
  }
}

const isComparable = (path: string): boolean => /\.(ya?ml|params\.json|params[^/]*\.json)$/.test(path) || /-params[^/]*\.json$/.test(path);

/** The pairs to compare, and what can be told without comparing: files that are missing, refusals that are none. */
function examine(
  conformed: Conformed,
  scratch: string,
): { readonly pairs: readonly FilePair[]; readonly findings: readonly string[]; readonly refusals: number } {
  const rendered = new Set(conformed.files.map(({ path }) => path));
  const pairs: FilePair[] = [];
  const findings: string[] = [];
  let refusals = 0;
  for (const path of expectedPaths(conformed)) {
    const refusal = path.replace(/\.(stack\.yml|params\.json|addons\.yml|error\.json|ya?ml)$/, ".error.json");
    if (path.endsWith(".error.json")) {
      if (rendered.has(path)) refusals += 1;
      else findings.push(`${path}: not refused; the original says: ${reasonIn(join(conformed.expected, path))}`);
    } else if (rendered.has(path)) {
      const place = { expected: join(conformed.expected, path), actual: join(conformed.out, path) };
      pairs.push({ name: path, ...(partialGoldens.has(path) ? inSection(place, scratch) : place) });
    } else if (rendered.has(refusal)) {
      findings.push(`${path}: refused: ${reasonIn(join(conformed.out, refusal))}`);
    } else {
      findings.push(`${path}: not written`);
    }
  }
  return { pairs, findings, refusals };
}

/** What must be there. Goldens are read where they are, so that inputs lie among them: what was rendered is what is compared. */
function expectedPaths(conformed: Conformed): readonly string[] {
  if (conformed.title === goldenTitle) {
    const wanted = conformed.files.map(({ path }) => path).filter((path) => !path.endsWith(".merged.yaml"));
    return [
      ...new Set([...wanted.map((path) => path.replace(/\.error\.json$/, "")), ...refusedMerges.map((path) => `${path}.error.json`)]),
    ].filter((path) => path.endsWith(".error.json") || existsSync(join(conformed.expected, path)));
  }
  return filesBelow(conformed.expected).filter((path) => isComparable(path) || path.endsWith(".error.json"));
}

const goldenTitle = "golden";

function reasonIn(file: string): string {
  const answer: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  return typeof answer === "object" && answer !== null && "error" in answer ? String(answer.error) : "a conflict";
}

function inSection(place: Pick<FilePair, "expected" | "actual">, scratch: string): Pick<FilePair, "expected" | "actual"> {
  const wrap = (file: string, side: string): string => {
    const path = join(mkdtempSync(join(scratch, side)), "template.yml");
    const lines = readFileSync(file, "utf8").split("\n");
    // The golden stands at the indentation that it has in its template, ours at none.
    const indent = lines[0]?.startsWith(" ") === true ? "" : "  ";
    writeFileSync(path, `Resources:\n${lines.map((line) => (line === "" ? line : indent + line)).join("\n")}`);
    return path;
  };
  return { expected: wrap(place.expected, "expected"), actual: wrap(place.actual, "actual") };
}

/** The deliberate differences; those that are slips of a golden are none elsewhere. */
function allowedDifferences(scratch: string, isGolden: boolean): string {
  const list = fileURLToPath(new URL("../test/conformance/deliberate-differences.txt", import.meta.url));
  if (isGolden) return list;
  const path = join(scratch, "deliberate-differences.txt");
  const lines = readFileSync(list, "utf8").split("\n");
  writeFileSync(path, lines.filter((line) => !line.includes(" # The golden ")).join("\n"));
  return path;
}

interface Options {
  readonly workspaces: readonly string[];
  readonly out: string;
  readonly shared: string;
  readonly quiet: boolean;
}

function renderAll({ workspaces, out, shared }: Options): readonly Conformed[] {
  if (workspaces.length === 0) {
    const golden = join(shared, "golden");
    if (!existsSync(golden)) throw new Problem("no-goldens", `There is nothing to render: ${golden} is not there`);
    return [{ title: goldenTitle, files: renderGoldens(golden), expected: golden, out }];
  }
  const folders = workspaces.flatMap(workspacesIn);
  if (folders.length === 0) throw new Problem("no-workspace", `There is nothing to render: no inputs.json in ${workspaces.join(", ")}`);
  return folders.map((folder) => {
    const title = folders.length === 1 ? "" : (folder.split("/").at(-1) ?? folder);
    const files = renderWorkspace(readInputs(folder), workspaceFiles(folder));
    return { title, files, expected: join(folder, "expected"), out: join(out, title) };
  });
}

async function conform(options: Options): Promise<boolean> {
  const started = performance.now();
  const sets = renderAll(options);
  for (const { out, files } of sets) write(out, files);
  const rendered = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    return await report(sets, { ...options, scratch, renderedIn: rendered - started });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function report(
  sets: readonly Conformed[],
  context: Options & { readonly scratch: string; readonly renderedIn: number },
): Promise<boolean> {
  const named = (set: Conformed, path: string): string => (set.title === "" || set.title === goldenTitle ? path : `${set.title}/${path}`);
  const examined = sets.map((set) => ({ set, ...examine(set, context.scratch) }));
  const pairs = examined.flatMap(({ set, pairs: own }) => own.map((pair) => ({ ...pair, name: named(set, pair.name) })));
  const findings = examined.flatMap(({ set, findings: own }) => own.map((finding) => named(set, finding)));
  const comparison = {
    program: join(context.shared, "conformance", "compare_templates.py"),
    allow: allowedDifferences(
      context.scratch,
      sets.some(({ title }) => title === goldenTitle),
    ),
  };
  const results = await compareFiles(comparison, pairs);
  for (const finding of findings) console.log(finding);
  for (const { name, differences } of results) {
    for (const line of context.quiet ? differences.slice(0, 1) : differences) console.log(`${name}: ${line}`);
  }
  const equal = results.filter(({ isEqual }) => isEqual).length;
  const refusals = examined.reduce((sum, { refusals: own }) => sum + own, 0);
  const wanted = results.length + refusals + findings.length;
  const count = sets.reduce((sum, { files }) => sum + files.length, 0);
  console.log(
    `${equal + refusals} of ${wanted} as expected: ${equal} of ${results.length} files equal, ${refusals} refused as they should be, ` +
      `${findings.length} missing or refused wrongly; ${count} files written to ${context.out} in ${Math.round(context.renderedIn)} ms`,
  );
  return equal + refusals === wanted;
}

const { values } = parseArgs({
  options: {
    workspace: { type: "string", multiple: true, default: [] },
    out: { type: "string" },
    shared: { type: "string" },
    quiet: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else {
  const root = fileURLToPath(new URL("..", import.meta.url));
  // npm runs scripts in the root of the package; paths are meant from where npm was called.
  const at = (path: string): string => resolve(process.env["INIT_CWD"] ?? ".", path);
  const options: Options = {
    workspaces: values.workspace.map(at),
    out: at(values.out ?? join(root, "node_modules", ".cache", "conformance")),
    shared: at(values.shared ?? join(root, "..", "shared")),
    quiet: values.quiet,
  };
  try {
    process.exitCode = (await conform(options)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`);
    process.exitCode = 2;
  }
}
