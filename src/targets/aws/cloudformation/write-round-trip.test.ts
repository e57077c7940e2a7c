import { array, assert, constantFrom, dictionary, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readTemplate } from "./read.ts";
import { writeTemplate } from "./write.ts";

const pieces = constantFrom("a", " ", "\n", ": ", " #", "-", "'", '"', "\t", "|", "&", "!", "1", ":", "%", "@", "`", "*", "\r");
const readings = ["Yes", "NO", "null", "Null", "~", "=", "<<", "1_000", "0x1f", "0755", "1:30", "2012-10-17", ".inf", ".NaN", "1e3", "+1"];
const marks = ["- a", "? b", "a:", "[]", "{}", "{a", "\n", " \n x", "x\n\n", "x\n y\n", "\u0085", "\u2028", "\ufeff", "---", "...", "%TAG"];
const traps = constantFrom(...readings, ...marks);
const text = oneof(
  string(),
  string({ unit: "grapheme" }),
  array(pieces, { maxLength: 12 }).map((parts) => parts.join("")),
  traps,
);
const key = text.filter((name) => name !== "__proto__" && name !== "<<");

test("what is written reads back as it was: texts, keys, nesting", () => {
  const entry = oneof(text, array(text), dictionary(key, array(oneof(text, array(text), dictionary(key, text)))));
  assert(
    property(dictionary(key, entry, { noNullPrototype: true }), (data) => {
      expect(readTemplate(writeTemplate({ data }), "x.yml")).toEqual({ data });
    }),
    { numRuns: 40 },
  );
});

test("a text stays a text for readers of YAML 1.1, as CloudFormation is, and of 1.2", () => {
  assert(
    property(text, constantFrom("yaml-1.1" as const, "core" as const), (written, schema) => {
      expect(parse(writeTemplate({ key: written }), { schema })).toEqual({ key: written });
    }),
    { numRuns: 400 },
  );
});
