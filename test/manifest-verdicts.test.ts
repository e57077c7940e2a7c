import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadEnvironment } from "../src/manifest/environment/load.ts";
import type { Checked } from "../src/model/diagnostic.ts";
import { loadPipeline } from "../src/pipelines/manifest.ts";
import { loadWorkload } from "../src/workloads/load.ts";

const folder = join(import.meta.dirname, "../../shared/real");

/** A line of the index of real workspaces: a manifest for an environment, and what became of it. */
interface Row {
  readonly workspace: string;
  readonly path: string;
  readonly kind: string;
  readonly environment: string;
  readonly verdict: string;
  readonly reason: string;
}

const rows: readonly Row[] = existsSync(folder)
  ? readFileSync(join(folder, "INDEX.tsv"), "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [workspace = "", path = "", kind = "", environment = "", , , verdict = "", reason = ""] = line.split("\t");
        return { workspace, path, kind, environment, verdict, reason };
      })
  : [];

/** Refusals that are the manifest's own; others come from deployed state, addons or patches. */
const isManifestsOwn = ({ reason }: Row): boolean =>
  /^validate (environment )?manifest|unmarshal|schedule is not valid|graph contains a cycle/.test(reason);

function check({ workspace, path, kind, environment }: Row): Checked<unknown> {
  const text = readFileSync(join(folder, path), "utf8");
  if (kind === "pipeline") return loadPipeline(path, text, { lenient: true });
  const inputs = JSON.parse(readFileSync(join(folder, workspace, "inputs.json"), "utf8"));
  const input = { file: path, text, application: inputs.app, environment, variables: inputs.shellVariables, lenient: true };
  return kind === "environment" ? loadEnvironment(input) : loadWorkload(input);
}

test.skipIf(rows.length === 0)(
  `every real manifest gets the original's verdict${rows.length === 0 ? " (skipped: there is no ../shared/real beside this checkout)" : ""}`,
  () => {
    const verdicts = rows.map((row) => {
      const expected = row.verdict === "reject" && isManifestsOwn(row) ? "reject" : "accept";
      const result = check(row);
      const errors = result.ok ? [] : result.diagnostics.filter(({ severity }) => severity === "error");
      return { ...row, expected, found: result.ok ? "accept" : "reject", errors };
    });
    expect(verdicts.filter(({ expected, found }) => expected !== found)).toEqual([]);
    expect(verdicts.filter(({ found }) => found === "reject").length).toBeGreaterThan(0);
  },
);

test.skipIf(rows.length === 0)("a refusal of a real manifest names its place", () => {
  for (const row of rows) {
    const result = check(row);
    if (!result.ok) for (const { at } of result.diagnostics) expect(at?.line, row.path).toBeGreaterThan(0);
  }
});
