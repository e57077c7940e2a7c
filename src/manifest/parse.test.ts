import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { loadWorkload } from "../workloads/load.ts";
import { parseLimits, parseYaml } from "./parse.ts";
import { renderTree } from "./render-tree.ts";

const codes = (text: string): readonly string[] => {
  const result = parseYaml("f.yml", text);
  return result.ok ? result.warnings.map(({ code }) => code) : result.diagnostics.map(({ code }) => code);
};
const rendered = (text: string): string => {
  const result = parseYaml("f.yml", text);
  return result.ok ? renderTree(result.root) : result.diagnostics.map(({ message }) => message).join("\n");
};

describe("reading YAML", () => {
  test("takes quoted texts whose further lines start at the margin, and places what follows on its line", () => {
    expect(rendered('variables:\n  KEY: "one\\\ntwo"\n')).toBe(rendered("variables:\n  KEY: onetwo\n"));
    const result = parseYaml("f.yml", "a:\n  A: 'one\ntwo'\n  A: 2\n");
    expect(result.ok ? [] : result.diagnostics.map(({ at }) => at?.line)).toEqual([4]);
  });

  test("scalars keep the text that was written", () => {
    expect(rendered("a: True\nb: 1.0\nc: yes\nd: null\ne: '1.0'\nf: 010\n")).toBe('a: True\nb: 1.0\nc: yes\nd: null\ne: "1.0"\nf: 010\n');
  });

  test("aliases and merge keys are followed, and what is explicit wins", () => {
    expect(rendered("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\n")).toBe(
      "x:\n  a: 1\n  b: 2\ny:\n  b: 3\n  a: 1\nz:\n  a: 1\n  b: 2\n",
    );
  });

  test("a merge key takes a list, the first of which wins", () => {
    expect(rendered("a: &a {k: 1}\nb: &b {k: 2, l: 3}\nc:\n  <<: [*a, *b]\n")).toContain("c:\n  k: 1\n  l: 3\n");
  });

  test.each([
    ["a key twice", "a: 1\nb: 2\na: 3\n", "duplicate-key"],
    ["an alias of nothing", "a: *b\n", "unknown-anchor"],
    ["an alias of itself", "a: &a [*a]\n", "unknown-anchor"],
    ["a list as key", "[a]: b\n", "invalid-key"],
    ["a merge of a text", "<<: a\n", "invalid-merge"],
    ["broken syntax", "a: [b\n", "yaml-syntax"],
    ["a tab for indentation", "a:\n\tb: 1\n", "yaml-syntax"],
    ["binary", "a: \u0000\u0001", "not-text"],
    ["a second document", "a: 1\n---\nb: 2\n", "further-document"],
  ])("%s is told", (_name, text, code) => {
    expect(codes(text)).toContain(code);
  });

  test("a duplicate is told at its own place", () => {
    const result = parseYaml("f.yml", "a: 1\nb: 2\na: 3\n");
    expect(result.ok ? [] : result.diagnostics).toMatchObject([{ at: { line: 3, column: 1, length: 1, text: "a: 3" } }]);
  });

  test("an empty file is an empty map", () => {
    expect(rendered("# nothing\n")).toBe("{}\n");
  });
});

/** Time of the processor: other programs of the machine do not count. */
const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

const loadKeys = (count: number): void => {
  const text = `name: api\ntype: Worker Service\n${keys(count)}`;
  loadWorkload({ file: "f.yml", text, application: "a", environment: "e", variables: {} });
};

const keys = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}: 1`).join("\n");

/**
 * Fails unless the processor needed less than a second since `started`, or no more than a machine that is slow or shared with others needs
 * for twice as many keys as fit, by its pace with a quarter of them: what grows faster than the text shows there too.
 */
function expectQuick(started: NodeJS.CpuUsage): void {
  const spent = milliseconds(process.cpuUsage(started));
  if (spent < 1000) return;
  const begun = process.cpuUsage();
  loadKeys(5_500);
  expect(spent).toBeLessThan(8 * milliseconds(process.cpuUsage(begun)));
}

describe("files that are no manifests end within a second, with a place", () => {
  const laughs = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ...Array.from(
      { length: 12 },
      (_, index) => `${"bcdefghijklm"[index]}: &${"bcdefghijklm"[index]} [${Array(9).fill(`*${"abcdefghijkl"[index]}`).join(", ")}]`,
    ),
  ].join("\n");
  const chain = Array.from({ length: 200 }, (_, index) => (index === 0 ? "k0: &k0 [x]" : `k${index}: &k${index} [*k${index - 1}]`)).join(
    "\n",
  );
  test.each([
    ["nested lists", `a: ${"[".repeat(100_000)}`, "manifest-too-large"],
    ["nested blocks", Array.from({ length: 700 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"), "manifest-too-large"],
    ["nested maps", "{a: ".repeat(50_000), "manifest-too-large"],
    ["nested list marks", "- ".repeat(200_000), "manifest-too-large"],
    ["nested key marks", "? ".repeat(200_000), "manifest-too-large"],
    ["nested values", "a: ".repeat(80_000), "manifest-too-large"],
    ["a billion laughs", laughs, "manifest-too-large"],
    ["aliases that nest", chain, "manifest-too-large"],
    ["ten megabytes", `a: ${"x".repeat(10_000_000)}`, "manifest-too-large"],
    ["ten megabytes of keys", keys(700_000), "manifest-too-large"],
    ["bytes of a picture", "\u0089PNG\r\n\u001A\n\uFFFD\uFFFD", "not-text"],
  ])("%s", (_name, text, code) => {
    const started = process.cpuUsage();
    const result = parseYaml("f.yml", text);
    expectQuick(started);
    expect(result.ok ? [] : result.diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    for (const diagnostic of result.ok ? [] : result.diagnostics)
      expect(diagnostic.at).toMatchObject({ file: "f.yml", line: expect.any(Number) });
  });

  test("as many keys as fit", () => {
    expect(keys(22_000).length).toBeLessThan(parseLimits.characters);
    const started = process.cpuUsage();
    loadKeys(22_000);
    expectQuick(started);
  });

  const scalars = fc.oneof(
    fc.string(),
    fc.constantFrom("", "~", "${A}", "*a", "&a b", "!tag x", "- ", "? ", "|", ">", "{", "[", "true", "0x", "<<", "\t"),
  );
  const yaml = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "medium" },
      scalars,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom("name", "type", "image", "http", "count", "environments", "sidecars", "prod", "path", "<<", "x"),
        tie("value"),
        { maxKeys: 5 },
      ),
    ),
  })).value;

  test("random text never gives anything but diagnostics", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 300 }),
          fc.array(scalars, { maxLength: 40 }).map((parts) => parts.join("\n")),
          fc.array(scalars, { maxLength: 40 }).map((parts) => parts.join(": ")),
        ),
        (text) => {
          const result = loadWorkload({ file: "f.yml", text, application: "a", environment: "prod", variables: { A: "b" } });
          expect(result.ok || result.diagnostics.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("random manifests never give anything but diagnostics", () => {
    const kinds = fc.constantFrom(
      "Load Balanced Web Service",
      "Backend Service",
      "Worker Service",
      "Scheduled Job",
      "Request-Driven Web Service",
      "Static Site",
    );
    fc.assert(
      fc.property(kinds, yaml, (type, value) => {
        const text = JSON.stringify({ name: "api", type, ...(typeof value === "object" && value !== null ? value : { image: value }) });
        const result = loadWorkload({ file: "f.yml", text, application: "a", environment: "prod", variables: { A: "b" } });
        expect(result.ok || result.diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
