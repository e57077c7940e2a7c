import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { indentQuotedLines } from "./indent-quoted-lines.ts";

const read = (text: string): unknown => parse(indentQuotedLines(text));

describe("indentQuotedLines", () => {
  it.each([
    ["a:\n  A: 'one\n  two'\n  B: 1\n", { a: { A: "one two", B: 1 } }],
    ['a:\n  A: "one\n  two"\n  B: 1\n', { a: { A: "one two", B: 1 } }],
    ['a:\n  A: "one\\\ntwo"\n  B: 1\n', { a: { A: "onetwo", B: 1 } }],
    ["a:\n  A: 'it''s\n\n one'\n  B: \"\\\"\nx\"\n", { a: { A: "it's\none", B: '" x' } }],
    ["a:\n  - 'x\ny'\n  - z\n", { a: ["x y", "z"] }],
    ['a:\n  A: "one\r\ntwo"\r\n  B: 1\r\n', { a: { A: "one two", B: 1 } }],
    ["a:\n  A: {x: 'one\ntwo', y: \"three\nfour\"}\n", { a: { A: { x: "one two", y: "three four" } } }],
  ])("lets lines start at the margin: %j", (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it("keeps what a line holds on its line", () => {
    const text = "a:\n  A: 'one\n\ntwo'\n  B: 1\n";
    const words = (yaml: string) => yaml.split("\n").map((line) => line.trim());
    expect(words(indentQuotedLines(text))).toEqual(words(text));
  });

  it.each([
    "",
    "a: 1\n",
    "a: 'one\n  two'\n",
    'a: it\'s\nb: "x"\n',
    "a: |\n  'not\n  quoted\nb: 1\n",
    "a: 'never closed\nb: 1\n",
    "# don't\na: 1 # \"so\n",
    "a:\n  A: 'one\n---\nb: 'two\n",
  ])("leaves other text alone: %j", (text) => {
    expect(indentQuotedLines(text)).toBe(text);
  });

  it("ends for any text, and changes nothing but the start of lines", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '"', "\n", "a", ":", " ", "\\", "-", "#", "{", "|", "\r"), maxLength: 60 }),
        (text) => {
          const squeeze = (yaml: string): string => yaml.replaceAll(/^ +/gm, "");
          expect(squeeze(indentQuotedLines(text))).toBe(squeeze(text));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
