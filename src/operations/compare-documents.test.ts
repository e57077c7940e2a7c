import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStyle } from "../terminal/style.ts";
import { renderDifference } from "../terminal/render-difference.ts";
import { compareDocuments, type DocumentValue } from "./compare-documents.ts";
import { comparePackages } from "./compare-packages.ts";

const shown = (before: DocumentValue, after: DocumentValue): string =>
  renderDifference(compareDocuments(before, after), createStyle(false));

const json = fc.letrec<{ value: DocumentValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<DocumentValue>(null, true, 1, "a", "b"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")),
  ),
})).value;

describe("compareDocuments", () => {
  test("finds nothing exactly where values are equal, whatever the order of keys", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const canonical = (value: unknown): string =>
          JSON.stringify(value, (_key, member: unknown) =>
            typeof member === "object" && member !== null && !Array.isArray(member)
              ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
              : member,
          );
        expect(compareDocuments(one, other) === undefined).toBe(canonical(one) === canonical(other));
      }),
    );
  });

  test("shows only what changed, keys sorted, chains joined", () => {
    expect(shown({ a: { b: { c: 1, d: 2 } }, z: "x" }, { a: { b: { c: 3, d: 2 } }, y: [1], z: "x" })).toBe(
      ["~ a/b:", "    ~ c: 1 -> 3", "+ y:", "+     - 1", ""].join("\n"),
    );
  });

  test("matches the items of lists, and counts those that stayed", () => {
    const before = [{ name: "web", image: "a" }, { name: "proxy" }, "x"];
    const after = [{ name: "web", image: "b" }, { name: "proxy" }, "x", "y"];
    expect(shown({ containers: before }, { containers: after })).toBe(
      ["~ containers:", "    ~ - (changed item)", "      ~ image: a -> b", "    (2 unchanged items)", "    + - y", ""].join("\n"),
    );
  });

  test("shows a change of kind as removed and added", () => {
    expect(shown({ a: "x" }, { a: ["x"] })).toBe("- a: x\n+ a:\n+     - x\n");
  });

  test("quotes texts that YAML would read as something else", () => {
    expect(shown({ a: "1" }, { a: 1 })).toBe('~ a: "1" -> 1\n');
  });

  test("says so when nothing changed", () => {
    expect(shown({ a: 1 }, { a: 1 })).toBe("No changes.\n");
  });
});

describe("comparePackages", () => {
  const made = (content: string) => ({ files: [{ name: "web.stack", content }] as const, notices: [] });

  test("leaves the kept manifest out, in JSON and in YAML", async () => {
    expect(await comparePackages(made('{"a":1,"manifest":"x"}'), made('{"a":1,"manifest":"y"}'))).toBeUndefined();
    expect(await comparePackages(made("a: 1\nmanifest: x\n"), made("a: 1\nmanifest: y\n"))).toBeUndefined();
  });

  test("takes everything as added where nothing is deployed", async () => {
    expect(await comparePackages(undefined, made('{"a":1}'))).toEqual({
      kind: "map",
      changes: [{ key: "a", difference: { kind: "added", value: 1 } }],
    });
  });
});
