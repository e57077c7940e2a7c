import { describe, expect, it } from "vitest";
import { readStackContent } from "./read-stack-content.ts";
import { compareStacks } from "./stack-changes.ts";

const template = {
  name: "api-test.stack.yml",
  content:
    "Parameters:\n  TaskCount: { Type: Number }\nResources:\n  Service:\n    Type: AWS::ECS::Service\n    Properties: { DesiredCount: !Ref TaskCount }\n",
};
const parameters = (count: string) => ({
  name: "api-test.params.json",
  content: JSON.stringify({ Parameters: { TaskCount: count }, Tags: { "copilot-service": "api" } }),
});

describe("readStackContent", () => {
  it("reads a template and the parameters beside it", () => {
    expect(readStackContent([template, parameters("2")])).toMatchObject({
      template: { Resources: { Service: { Properties: { DesiredCount: { Ref: "TaskCount" } } } } },
      parameters: { TaskCount: "2" },
    });
    expect(readStackContent([template]).parameters).toEqual({});
  });

  it("gives what two packages can be compared by", () => {
    const changes = compareStacks(readStackContent([template, parameters("1")]), readStackContent([template, parameters("2")]));
    expect(changes).toEqual({
      resources: [{ logicalId: "Service", type: "AWS::ECS::Service", effect: "update", changed: ["DesiredCount"], causes: [] }],
      parameters: [{ name: "TaskCount", before: "1", after: "2" }],
      outputs: [],
    });
  });
});
