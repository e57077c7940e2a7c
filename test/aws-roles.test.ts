import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readTemplate } from "../src/targets/aws/cloudformation/read.ts";
import { readInputs } from "./conformance/inputs.ts";
import { renderGoldens } from "./conformance/render-golden.ts";
import { renderWorkspace } from "./conformance/render-workspace.ts";
import type { RenderedFile } from "./conformance/rendering.ts";
import { compareWidths, grantsOf } from "./conformance/statement-width.ts";
import { workspaceFiles } from "./conformance/workspace-files.ts";

const shared = resolve(import.meta.dirname, "../../shared");
const golden = join(shared, "golden");
const real = join(shared, "real");

/**
 * What our policies allow in fewer cases than the original's, as `<owner>: <grant>`: none so far. A grant that is narrowed on purpose is
 * written here, with the reason beside it.
 */
const narrowedOnPurpose: readonly string[] = [];

interface Verdict {
  readonly compared: number;
  readonly wider: readonly string[];
  readonly narrower: readonly string[];
}

function judge(files: readonly RenderedFile[], expected: string): Verdict {
  const templates = files.filter(
    ({ path }) => /(\.ya?ml)$/.test(path) && !path.endsWith(".addons.yml") && existsSync(join(expected, path)),
  );
  const verdicts = templates.map(({ path, content }) => {
    const theirs = grantsOf(readTemplate(readFileSync(join(expected, path), "utf8"), path));
    const report = compareWidths(theirs, grantsOf(readTemplate(content, path)));
    return { wider: report.wider.map((line) => `${path}: ${line}`), narrower: report.narrower };
  });
  return {
    compared: templates.length,
    wider: verdicts.flatMap(({ wider }) => wider),
    narrower: [...new Set(verdicts.flatMap(({ narrower }) => narrower))],
  };
}

for (const folder of [golden, real])
  if (!existsSync(folder)) process.stderr.write(`skipped: the original's templates are not at ${folder}\n`);

describe.skipIf(!existsSync(golden))("no policy allows more than the original's", () => {
  test("in goldens", { timeout: 60_000 }, () => {
    const { compared, wider, narrower } = judge(
      renderGoldens(golden).filter(({ path }) => !path.startsWith("addons/")),
      golden,
    );
    // Slips of goldens: texts that lost their tag, or have another.
    expect(wider.filter((line) => !line.includes("default-access-log-config"))).toEqual([]);
    expect(narrower).toEqual(narrowedOnPurpose);
    expect(compared).toBeGreaterThan(30);
  });

  test.skipIf(!existsSync(real))("in real workspaces", { timeout: 120_000 }, () => {
    const folders = readdirSync(real).filter((name) => existsSync(join(real, name, "inputs.json")));
    const verdicts = folders.map((name) => {
      const folder = join(real, name);
      return judge(renderWorkspace(readInputs(folder), workspaceFiles(folder)), join(folder, "expected"));
    });
    expect(verdicts.flatMap(({ wider }) => wider)).toEqual([]);
    expect(verdicts.flatMap(({ narrower }) => narrower)).toEqual(narrowedOnPurpose);
    expect(verdicts.reduce((sum, { compared }) => sum + compared, 0)).toBeGreaterThan(150);
  });
});

const template = (statement: object) => ({
  Resources: { Role: { Type: "AWS::IAM::Role", Properties: { Policies: [{ PolicyDocument: { Statement: [statement] } }] } } },
});

const widths = (expected: object, actual: object) =>
  compareWidths(
    grantsOf(readTemplate(JSON.stringify(template(expected)), "a")),
    grantsOf(readTemplate(JSON.stringify(template(actual)), "b")),
  );

describe("compareWidths", () => {
  const read = { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: "arn:aws:s3:::a/*" };

  test("the same is neither", () => {
    expect(widths(read, { ...read, Action: ["s3:ListBucket", "s3:getobject"] })).toEqual({ wider: [], narrower: [] });
  });

  test.each([
    ["another action", { ...read, Action: ["s3:GetObject", "s3:PutObject"] }],
    ["a wildcard", { ...read, Action: "s3:*" }],
    ["more resources", { ...read, Resource: "*" }],
  ])("%s is wider", (_, statement) => {
    expect(widths(read, statement).wider).toHaveLength(1);
  });

  test("a condition less is wider, one more is narrower", () => {
    const bound = { ...read, Condition: { StringEquals: { "aws:ResourceTag/a": "b" } } };
    expect(widths(bound, read).wider).toHaveLength(1);
    expect(widths(read, bound)).toEqual({ wider: [], narrower: [expect.stringContaining("if StringEquals aws:ResourceTag/a")] });
  });

  test("what a wildcard allowed is narrower when it is spelt out", () => {
    expect(widths({ ...read, Action: "s3:*" }, read)).toMatchObject({ wider: [], narrower: [expect.stringContaining("s3:getobject")] });
  });

  test("what is denied no more is wider", () => {
    const deny = { Effect: "Deny", Action: "iam:*", Resource: "*" };
    expect(widths(deny, read).wider).toEqual(expect.arrayContaining([expect.stringContaining("no more: Role: Deny iam:*")]));
  });
});
