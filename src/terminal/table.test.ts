import { describe, expect, test } from "vitest";
import { formatAge } from "./format-age.ts";
import { renderFields, renderTable, withDittos } from "./table.ts";

describe("renderTable", () => {
  test("has a header, dashes as long, and columns as wide as they need", () => {
    expect(renderTable(["Name", "Type"], [["a-long-name", "x"]], { indent: 2 })).toBe(
      "  Name         Type\n  ----         ----\n  a-long-name  x\n",
    );
  });

  test("ignores colours when it measures", () => {
    expect(renderTable(["A", "B"], [["\u001B[31mred\u001B[39m", "x"]])).toContain("\u001B[31mred\u001B[39m  x\n");
  });
});

test("withDittos marks repeated neighbours in the columns asked for", () => {
  expect(
    withDittos(
      [
        ["a", "1"],
        ["a", "1"],
        ["b", "1"],
      ],
      [0],
    ),
  ).toEqual([
    ["a", "1"],
    ['  "', "1"],
    ["b", "1"],
  ]);
});

test("renderFields aligns values", () => {
  expect(
    renderFields([
      ["A", "1"],
      ["Long", "2"],
    ]),
  ).toBe("  A     1\n  Long  2\n");
});

test.each([
  ["2026-01-01T00:00:00Z", "now"],
  ["2025-12-31T23:59:59Z", "1 second ago"],
  ["2025-12-31T22:00:00Z", "2 hours ago"],
  ["2025-12-01T00:00:00Z", "31 days ago"],
])("formatAge says %s as %s", (time, text) => {
  expect(formatAge(time, new Date("2026-01-01T00:00:00Z"))).toBe(text);
});
