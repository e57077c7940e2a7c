import { describe, expect, it } from "vitest";
import type { JsonObject } from "../targets/aws/cloudformation/json.ts";
import { readTemplate } from "../targets/aws/cloudformation/read.ts";
import { applyPatches } from "./apply-patches.ts";
import { readPatches } from "./read-patches.ts";

const TEMPLATE = readTemplate(
  `Description: CloudFormation template that represents a service.
Resources:
  TaskRole:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: !If [HasAddons, [!Ref Policy], !Ref AWS::NoValue]
      Policies:
        - PolicyName: One
        - PolicyName: Two
  Service:
    Type: AWS::ECS::Service
    Properties:
      a/b: 1
      c~d: 2
`,
  "test",
);

function patched(patches: string): JsonObject {
  const read = readPatches("overrides/cfn.patches.yml", patches);
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  const applied = applyPatches(TEMPLATE, read.value);
  if (!applied.ok) throw new Error(JSON.stringify(applied.diagnostics));
  return applied.value;
}

function refusal(patches: string) {
  const read = readPatches("overrides/cfn.patches.yml", patches);
  if (!read.ok) return read.diagnostics;
  const applied = applyPatches(TEMPLATE, read.value);
  return applied.ok ? [] : applied.diagnostics;
}

describe("applyPatches", () => {
  it("adds, replaces and removes keys", () => {
    const result = patched(`
- { op: remove, path: /Resources/TaskRole/Properties/Policies }
- { op: add, path: /Resources/Queue, value: { Type: AWS::SQS::Queue } }
- { op: replace, path: /Resources/Service/Type, value: !Sub "\${AppName}" }
`);
    expect(result).toMatchObject({
      Resources: { Queue: { Type: "AWS::SQS::Queue" }, Service: { Type: { "Fn::Sub": "${AppName}" } } },
    });
    expect(JSON.stringify(result)).not.toContain("Policies");
  });

  it("reads patches that an editor of Windows wrote", () => {
    const result = patched("\uFEFF- op: add\r\n  path: /Resources/Queue\r\n  value: { Type: AWS::SQS::Queue }\r\n");
    expect(result).toMatchObject({ Resources: { Queue: { Type: "AWS::SQS::Queue" } } });
  });

  it.each([
    ["/Resources/TaskRole/Properties/Policies/-", ["One", "Two", "New"]],
    ["/Resources/TaskRole/Properties/Policies/0", ["New", "One", "Two"]],
    ["/Resources/TaskRole/Properties/Policies/2", ["One", "Two", "New"]],
  ])("adds to a list at %s", (path, names) => {
    const result = patched(`- { op: add, path: ${path}, value: { PolicyName: New } }`);
    expect(result).toMatchObject({ Resources: { TaskRole: { Properties: { Policies: names.map((PolicyName) => ({ PolicyName })) } } } });
  });

  it("reads escaped slashes and tildes", () => {
    const result = patched(`
- { op: replace, path: /Resources/Service/Properties/a~1b, value: x }
- { op: remove, path: /Resources/Service/Properties/c~0d }
`);
    expect(result).toMatchObject({ Resources: { Service: { Properties: { "a/b": "x" } } } });
    expect(JSON.stringify(result)).not.toContain("c~d");
  });

  it.each(["/Resources/TaskRole/Properties/ManagedPolicyArns/1/-", "/Resources/TaskRole/Properties/ManagedPolicyArns/Fn::If/1/-"])(
    "goes through an intrinsic function at %s",
    (path) => {
      const result = patched(`- { op: add, path: "${path}", value: arn }`);
      expect(result).toMatchObject({
        Resources: {
          TaskRole: { Properties: { ManagedPolicyArns: { "Fn::If": ["HasAddons", [{ Ref: "Policy" }, "arn"], { Ref: "AWS::NoValue" }] } } },
        },
      });
    },
  );

  it("leaves the template it was given as it was", () => {
    const before = JSON.stringify(TEMPLATE);
    patched("- { op: remove, path: /Resources/TaskRole }");
    expect(JSON.stringify(TEMPLATE)).toBe(before);
  });

  it("says in the description that patches were applied, even when there are none", () => {
    expect(patched("# nothing yet\n")).toMatchObject({
      Description: "CloudFormation template that represents a service using AWS Copilot with YAML patches.",
    });
  });

  it.each([
    ["- { op: remove, path: /Resources/taskrole }", "has no `taskrole`", "did you mean `TaskRole`?"],
    ["- { op: replace, path: /Outputs/X, value: 1 }", "`/` has no `Outputs`", "there is: Description, Resources"],
    ["- { op: remove, path: /Resources/TaskRole/Properties/Policies/2 }", "has no position 2", undefined],
    ["- { op: replace, path: /Resources/TaskRole/Properties/Policies/-, value: 1 }", "no position in it", undefined],
    ["- { op: remove, path: /Resources/TaskRole/Type/x }", "single value", undefined],
    ["- { op: remove, path: '' }", "cannot be removed", undefined],
    ["- { op: replace, path: '', value: 1 }", "map of sections", undefined],
  ])("refuses %s", (patches, reason, hint) => {
    const [found] = refusal(patches);
    expect(found).toMatchObject({ code: "patch-does-not-fit", at: { file: "overrides/cfn.patches.yml", line: 1 } });
    expect(found?.message).toContain(reason);
    expect(found?.hint).toBe(hint);
  });
});

describe("readPatches", () => {
  it("reports every patch that it cannot read, with its place", () => {
    const found = refusal(`
- op: move
  path: /Resources/A
- op: add
  path: /Resources/A
- op: remove
  path: Resources/A
- just text
- path: /Resources/B
`);
    expect(found.map(({ code, at }) => [code, at?.line, at?.column])).toEqual([
      ["patch-operation", 2, 7],
      ["patch-value", 4, 3],
      ["patch-path", 7, 9],
      ["patch-not-a-map", 8, 3],
      ["patch-operation", 9, 3],
    ]);
  });

  it("wants a list", () => {
    expect(refusal("op: add\n")[0]?.code).toBe("patches-not-a-list");
  });

  it("keeps a value that is null", () => {
    expect(patched("- { op: add, path: /Resources/X, value: }")).toMatchObject({ Resources: { X: null } });
  });
});
