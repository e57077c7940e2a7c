import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { loadWorkload } from "../workloads/load.ts";
import { interpolate } from "./interpolate.ts";
import { parseYaml } from "./parse.ts";
import { renderTree } from "./render-tree.ts";
import { storedText } from "./stored.ts";

const predefined = { COPILOT_APPLICATION_NAME: "app", COPILOT_ENVIRONMENT_NAME: "test" };

function fill(text: string, environment: Readonly<Record<string, string>> = {}) {
  const parsed = parseYaml("f.yml", text);
  if (!parsed.ok) throw new Error("no YAML");
  const result = interpolate(parsed.root, { predefined, environment });
  return {
    data: parse(renderTree(result.root)),
    messages: result.diagnostics.map(({ message }) => message),
    stored: storedText(parsed.root, result.changes),
  };
}

describe("variables", () => {
  test("are filled in in values, not in keys", () => {
    expect(fill("${A}: x-${A}-${COPILOT_APPLICATION_NAME}", { A: "b" }).data).toEqual({ "${A}": "x-b-app" });
  });

  test("give text, whatever they look like", () => {
    expect(fill("a: ${N}\nb: ${T}", { N: "5", T: "true" }).data).toEqual({ a: "5", b: "true" });
  });

  test("are kept where they are escaped", () => {
    expect(fill("a: \\${B}").data).toEqual({ a: "${B}" });
  });

  test("are left to CloudFormation in values with a tag of its own", () => {
    const { messages, stored } = fill("a: !Sub http://${Host}\nb: !!str ${N}\n", { N: "5" });
    expect(messages).toEqual([]);
    expect(stored).toContain("http://${Host}");
    expect(stored).toContain("5");
  });

  test("that are not defined are told at their place", () => {
    expect(fill("a: ${B}").messages).toEqual(["The variable B is not defined."]);
  });

  test("of the product cannot be set by the shell to something else", () => {
    expect(fill("a: ${COPILOT_APPLICATION_NAME}", { COPILOT_APPLICATION_NAME: "other" }).messages).toHaveLength(1);
    expect(fill("a: ${COPILOT_APPLICATION_NAME}", { COPILOT_APPLICATION_NAME: "app" }).messages).toEqual([]);
  });

  test("that hold a JSON list of texts become a list, but in a literal block", () => {
    expect(fill("a: ${L}\nb: |\n  ${L}\nc: '[\"x\"]'\nd: ${E}\n", { L: '["80", "b"]', E: "[]" }).data).toEqual({
      a: [80, "b"],
      b: '["80", "b"]\n',
      c: ["x"],
      d: "[]",
    });
  });

  test("leave what is no text alone", () => {
    expect(fill("a: 5\nb: true\nc: [1]").data).toEqual({ a: 5, b: true, c: [1] });
  });
});

describe("the text that is stored", () => {
  test("is the written one where there are no variables", () => {
    const text = "a: 1 # why\n\nb:   [x]\n";
    expect(fill(text).stored).toBe(text);
  });

  test("is without a mark of the byte order, which changes neither places nor variables", () => {
    expect(fill("\uFEFFa: ${B}\nb: ${B}\n", { B: "x" }).stored).toBe('a: "x"\nb: "x"\n');
    expect(fill("\uFEFFa: 1\nb: 2\n")).toMatchObject({ data: { a: 1, b: 2 }, stored: "a: 1\nb: 2\n" });
  });

  test("has its variables filled in where a quoted text goes on at the margin", () => {
    expect(parse(fill('a:\n  b: "one\ntwo ${B}"\n  c: ${B}\n', { B: "x" }).stored)).toEqual({ a: { b: "one two x", c: "x" } });
  });

  test("keeps comments and layout around what was filled in", () => {
    expect(fill("a: ${B} # why\nc: 'x ${B}'\nd: ${L}\ne: |\n  ${B}\nf: 1\n", { B: "b: #", L: '["x", "y"]' }).stored).toBe(
      'a: "b: #" # why\nc: "x b: #"\nd: [x, y]\ne: "b: #\\n"\nf: 1\n',
    );
  });
});

describe("a bad value from a variable", () => {
  const text =
    "name: api\ntype: Worker Service\nimage: {location: x}\nenvironments:\n  prod:\n    cpu: ${CPU}\n    platform: ${PLATFORM}\n";
  const result = loadWorkload({
    file: "f.yml",
    text,
    application: "app",
    environment: "prod",
    variables: { CPU: "256", PLATFORM: "linux/mips" },
  });

  test("is told at the line of the override, with the variable's name", () => {
    expect(
      result.ok ? [] : result.diagnostics.map(({ at, message }) => [at?.line, at?.column, message.replace(/^.*(?=The value)/, "")]),
    ).toEqual([
      [6, 10, "The value comes from ${CPU}."],
      [7, 15, "The value comes from ${PLATFORM}."],
    ]);
  });
});
