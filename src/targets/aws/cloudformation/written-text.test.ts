import { expect, test } from "vitest";
import { asWritten } from "./written-text.ts";

test("a text is itself", () => {
  for (const text of ["sg-1", "arn:aws:iam::1:role/x", "0755", "a b", "--flag=x:y", "$(date)", ""]) expect(asWritten(text)).toBe(text);
});

test("an intrinsic function that was written as a text is one", () => {
  expect(asWritten("Fn::ImportValue: 'shared-group'")).toEqual({ "Fn::ImportValue": "shared-group" });
  expect(asWritten("!Ref Key")).toEqual({ Ref: "Key" });
  expect(asWritten("!GetAtt Db.Arn")).toEqual({ "Fn::GetAtt": ["Db", "Arn"] });
  expect(asWritten("{Fn::Sub: '${AppName}'}")).toEqual({ "Fn::Sub": "${AppName}" });
});

test("quotes, comments and blanks around have their YAML meaning", () => {
  expect(asWritten("'quoted'")).toBe("quoted");
  expect(asWritten("value # note")).toBe("value");
  expect(asWritten(" padded ")).toBe("padded");
});

test("what would be anything else in YAML stays the text", () => {
  for (const text of ["key: value", "*alias", "&&", "[1", "| tee", "{a: b}", "- item", "!unknown x", "two: lines\nof: text"])
    expect(asWritten(text)).toBe(text);
});
