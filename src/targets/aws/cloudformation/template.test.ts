import { expect, test } from "vitest";
import { equals, ref } from "./intrinsics.ts";
import { resource, toTemplateDocument } from "./template.ts";

test("toTemplateDocument() puts sections in their usual order and leaves out what is empty or absent", () => {
  const document = toTemplateDocument({
    Resources: {
      LogGroup: resource(
        "AWS::Logs::LogGroup",
        { LogGroupName: "/copilot/x", RetentionInDays: ref("LogRetention"), KmsKeyId: undefined },
        { description: "Logs", condition: "HasLogs" },
      ),
    },
    Conditions: { HasLogs: equals(ref("Logs"), "true") },
    Outputs: {},
    Parameters: { Logs: { Type: "String" } },
    Description: "A template",
  });
  expect(Object.keys(document)).toEqual(["AWSTemplateFormatVersion", "Description", "Parameters", "Conditions", "Resources"]);
  expect(document["Resources"]).toEqual({
    LogGroup: {
      Metadata: { "aws:copilot:description": "Logs" },
      Condition: "HasLogs",
      Type: "AWS::Logs::LogGroup",
      Properties: { LogGroupName: "/copilot/x", RetentionInDays: { Ref: "LogRetention" } },
    },
  });
});

test("a misspelt property does not compile", () => {
  // @ts-expect-error the property is called RetentionInDays
  expect(resource("AWS::Logs::LogGroup", { RetentionInDay: 3 }).Type).toBe("AWS::Logs::LogGroup");
});
