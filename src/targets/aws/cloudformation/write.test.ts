import { describe, expect, test } from "vitest";
import { base64, equals, getAtt, ifElse, importValue, join, noValue, not, ref, select, split, sub } from "./intrinsics.ts";
import type { Json } from "./json.ts";
import { readTemplate } from "./read.ts";
import { writeTemplate } from "./write.ts";

const written = (value: Json): string => writeTemplate({ key: value });

describe("writeTemplate()", () => {
  test("prints intrinsic functions as short tags", () => {
    expect(written(ref("AppName"))).toBe("key: !Ref AppName\n");
    expect(written(getAtt("Role", "Arn"))).toBe("key: !GetAtt Role.Arn\n");
    expect(written(sub("${AppName}-x"))).toBe("key: !Sub ${AppName}-x\n");
    expect(written(not(equals(ref("A"), "")))).toBe("key: !Not\n  - !Equals\n    - !Ref A\n    - ''\n");
    expect(written(join("", ["a", ref("B")]))).toBe("key: !Join\n  - ''\n  - - a\n    - !Ref B\n");
  });

  test("keeps the long form of a function whose argument is a function", () => {
    expect(written(importValue(sub("${AppName}-VpcId")))).toBe("key:\n  Fn::ImportValue: !Sub ${AppName}-VpcId\n");
    expect(written(base64(ref("Text")))).toBe("key:\n  Fn::Base64: !Ref Text\n");
  });

  test("quotes texts that YAML 1.1 would read as something else", () => {
    expect(written(["2012-10-17", "yes", "0755", "1", "true", "null", ""])).toBe(
      "key:\n  - '2012-10-17'\n  - 'yes'\n  - '0755'\n  - '1'\n  - 'true'\n  - 'null'\n  - ''\n",
    );
  });

  test("prints texts of several lines as blocks and never folds a long one", () => {
    expect(written("a: 1\nb: 2\n")).toBe("key: |\n  a: 1\n  b: 2\n");
    expect(written("a: one\u2028two\nb: 2\n")).toBe('key: "a: one\\u2028two\\nb: 2\\n"\n');
    expect(written("word ".repeat(60).trim())).toBe(`key: ${"word ".repeat(60).trim()}\n`);
  });

  test("leaves an IAM statement's Condition a map", () => {
    const statement = { Condition: { StringEquals: { "sns:Protocol": "sqs" } } };
    expect(written(statement)).toBe("key:\n  Condition:\n    StringEquals:\n      sns:Protocol: sqs\n");
  });

  test("gives a text that reads as what was written", () => {
    const value = {
      list: [ifElse("HasEnvFile", { Type: "s3", Value: ref("EnvFileARN") }, noValue), []],
      text: select(0, split("/", sub("${A}-${B}", { B: getAtt("X", "Outputs.Y") }))),
      scalars: [1, 0.5, true, null, "off", "12:30", "#hash", " padded ", "multi\nline", "-1", "1e3"],
      empty: {},
    };
    expect(readTemplate(writeTemplate(value), "x.yml")).toEqual(value);
  });
});
