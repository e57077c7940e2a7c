import { describe, expect, test } from "vitest";
import { readTemplate } from "./read.ts";

const read = (text: string) => readTemplate(text, "addons/x.yml");

describe("readTemplate()", () => {
  test("takes short tags to their long form", () => {
    expect(read("a: !Ref X\nb: !GetAtt X.Outputs.Y\nc: !If [C, !Sub '${A}', !Ref AWS::NoValue]\nd: !GetAtt [X, Arn]\n")).toEqual({
      a: { Ref: "X" },
      b: { "Fn::GetAtt": ["X", "Outputs.Y"] },
      c: { "Fn::If": ["C", { "Fn::Sub": "${A}" }, { Ref: "AWS::NoValue" }] },
      d: { "Fn::GetAtt": ["X", "Arn"] },
    });
  });

  test("keeps the text of scalars that a number would change", () => {
    expect(read("a: 0755\nb: 1e3\nc: 2012-10-17\nd: 1.50\ne: 80\nf: 0.5\ng: '80'\nh: True\ni:\nj: 012345678901234567\n")).toEqual({
      a: "0755",
      b: "1e3",
      c: "2012-10-17",
      d: "1.50",
      e: 80,
      f: 0.5,
      g: "80",
      h: true,
      i: null,
      j: "012345678901234567",
    });
  });

  test("resolves anchors and merge keys", () => {
    expect(read("base: &b {A: 1, B: 2}\nother:\n  <<: *b\n  B: 3\nsame: *b\n")).toEqual({
      base: { A: 1, B: 2 },
      other: { A: 1, B: 3 },
      same: { A: 1, B: 2 },
    });
  });

  test("reads JSON", () => {
    expect(read('{"Resources": {"X": {"Type": "AWS::SNS::Topic", "Properties": {"Count": 1}}}}')).toEqual({
      Resources: { X: { Type: "AWS::SNS::Topic", Properties: { Count: 1 } } },
    });
  });

  test("names the template that cannot be read", () => {
    expect(() => read("a: [")).toThrow(/^addons\/x\.yml cannot be read: /);
    expect(() => read("- a\n")).toThrow("addons/x.yml cannot be read: it is not a map of sections");
    expect(() => read("a: &a\n  b: *a\n")).toThrow(/levels deep/);
  });
});
