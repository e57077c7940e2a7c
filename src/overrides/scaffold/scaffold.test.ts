import ts from "typescript";
import { describe, expect, it } from "vitest";
import { toOverrideKind } from "../override-kind.ts";
import { readPatches } from "../read-patches.ts";
import { renderCdkScaffold } from "./cdk-scaffold.ts";
import { readOverridableResources } from "./overridable-resource.ts";
import { renderPatchScaffold } from "./patch-scaffold.ts";
import type { ScaffoldFile } from "./scaffold-file.ts";

const RESOURCES = [
  { logicalId: "Service", type: "AWS::ECS::Service" },
  { logicalId: "TaskDefinition", type: "AWS::ECS::TaskDefinition" },
  { logicalId: "AddonsStack", type: "AWS::CloudFormation::Stack" },
  { logicalId: "EnvControllerAction", type: "Custom::EnvControllerFunction" },
];

function contentOf(files: readonly ScaffoldFile[], path: string): string {
  const file = files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`no ${path}`);
  return file.content;
}

describe("renderPatchScaffold", () => {
  it("writes a folder that counts as patches and changes nothing yet", () => {
    for (const resources of [[], RESOURCES]) {
      const files = renderPatchScaffold(resources);
      expect(toOverrideKind(files.map(({ path }) => path))).toBe("patches");
      expect(readPatches("cfn.patches.yml", contentOf(files, "cfn.patches.yml"))).toEqual({ ok: true, value: [], warnings: [] });
    }
  });

  it("has examples that are patches once the marks are gone", () => {
    const examples = contentOf(renderPatchScaffold([]), "cfn.patches.yml").split("\n\n").slice(1).join("\n").replaceAll(/^# /gm, "");
    const read = readPatches("cfn.patches.yml", examples);
    expect(read.ok && read.value.map(({ op }) => op)).toEqual(["add", "replace", "remove"]);
  });

  it("has an example for each chosen resource", () => {
    const content = contentOf(renderPatchScaffold(RESOURCES), "cfn.patches.yml");
    for (const { logicalId } of RESOURCES) expect(content).toContain(`/Resources/${logicalId}/Properties`);
  });
});

describe("renderCdkScaffold", () => {
  it("writes a folder that counts as CDK", () => {
    expect(toOverrideKind(renderCdkScaffold({ resources: [], hasEnvironment: true }).map(({ path }) => path))).toBe("cdk");
  });

  it("has a method for each resource, typed by its construct", () => {
    const stack = contentOf(renderCdkScaffold({ resources: RESOURCES, hasEnvironment: true }), "stack.ts");
    expect(stack.match(/this\.transform\w+\(\);/g)).toHaveLength(4);
    expect(stack).toContain("getResource('Service') as aws_ecs.CfnService;");
    expect(stack).toContain("getResource('AddonsStack') as cdk.CfnStack;");
    expect(stack).toContain("getResource('EnvControllerAction') as cdk.CfnResource;");
    expect(stack).toContain("import { aws_ecs } from 'aws-cdk-lib';");
  });

  it.each([true, false])("writes TypeScript that parses (environment: %s)", (hasEnvironment) => {
    const files = renderCdkScaffold({ resources: RESOURCES, hasEnvironment });
    for (const { path, content } of files.filter(({ path }) => path.endsWith(".ts"))) {
      expect(ts.transpileModule(content, { reportDiagnostics: true }).diagnostics, path).toEqual([]);
    }
    expect(contentOf(files, "bin/override.ts").includes("COPILOT_ENVIRONMENT_NAME")).toBe(hasEnvironment);
  });
});

describe("readOverridableResources", () => {
  it("lists the resources of a template by name", () => {
    const template = { Resources: { B: { Type: "AWS::SQS::Queue" }, A: { Type: "AWS::SNS::Topic" }, Broken: 1 } };
    expect(readOverridableResources(template)).toEqual([
      { logicalId: "A", type: "AWS::SNS::Topic" },
      { logicalId: "B", type: "AWS::SQS::Queue" },
    ]);
  });
});

describe("toOverrideKind", () => {
  it.each([
    [[], "none"],
    [["README.md"], "none"],
    [["cdk.json", "stack.ts"], "cdk"],
    [["cdk.json", "cfn.patches.yml"], "patches"],
  ] as const)("%j is %s", (names, kind) => {
    expect(toOverrideKind(names)).toBe(kind);
  });
});
