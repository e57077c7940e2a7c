import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../cloudformation/json.ts";
import { overrideTaskDefinition } from "./task-definition-overrides.ts";

const template = (properties: JsonObject): JsonObject => ({
  Description: "A template",
  Resources: { LogGroup: {}, TaskDefinition: { Type: "AWS::ECS::TaskDefinition", Properties: properties } },
});

const original = template({ Cpu: { Ref: "TaskCPU" }, ContainerDefinitions: [{ Name: "api", PortMappings: [{ ContainerPort: 80 }] }] });

const override = (...rules: readonly (readonly [path: string, value: unknown])[]) =>
  overrideTaskDefinition(
    original,
    rules.map(([path, value]) => ({ path, value })),
  );

describe("overrideTaskDefinition()", () => {
  test("replaces values and makes what is missing on the way", () => {
    const result = override(["Cpu", 512], ["ContainerDefinitions[0].LinuxParameters.Capabilities.Add", ["AUDIT_WRITE"]]);
    expect(result).toEqual({
      ok: true,
      template: template({
        Cpu: 512,
        ContainerDefinitions: [
          { Name: "api", PortMappings: [{ ContainerPort: 80 }], LinuxParameters: { Capabilities: { Add: ["AUDIT_WRITE"] } } },
        ],
      }),
    });
  });

  test("appends to lists, and later rules see what earlier ones made", () => {
    const result = override(
      ["ContainerDefinitions[0].Ulimits[-].Name", "cpu"],
      ["ContainerDefinitions[0].Ulimits[0].SoftLimit", 1024],
      ["ContainerDefinitions[0].PortMappings[-].ContainerPort", 2056],
      ["RequiresCompatibilities[-]", "EC2"],
    );
    expect(result).toMatchObject({
      template: template({
        ContainerDefinitions: [
          {
            Ulimits: [{ Name: "cpu", SoftLimit: 1024 }],
            PortMappings: [{ ContainerPort: 80 }, { ContainerPort: 2056 }],
          },
        ],
        RequiresCompatibilities: ["EC2"],
      }),
    });
  });

  test("has no effect below a text or a reference, which nothing is below", () => {
    const rules = ["Cpu.Units", "Cpu[-]", "ContainerDefinitions[0].Name.Deeper", "ContainerDefinitions[0].Name[-].Deeper.Still"];
    expect(override(...rules.map((path) => [path, 1] as const))).toEqual({ ok: true, template: original });
  });

  test("leaves the template that it was given alone", () => {
    const before = structuredClone(original);
    override(["ContainerDefinitions[0].Name", "other"]);
    expect(original).toEqual(before);
  });

  test("names every path that cannot be, and where it stands in the manifest", () => {
    const result = override(
      ["ContainerDefinitions[1].Name", "x"],
      ["Volumes[0].Name", "x"],
      ["Cpu..x", 1],
      ["ContainerDefinitions.Deeper", 1],
    );
    expect(result.ok ? [] : result.diagnostics.map(({ path, message }) => [path, message])).toEqual([
      ["taskdef_overrides[0].path", expect.stringContaining("ContainerDefinitions has 1 entries")],
      ["taskdef_overrides[1].path", expect.stringContaining("there is no Volumes")],
      ["taskdef_overrides[2].path", expect.stringContaining('"" is not of the form')],
      ["taskdef_overrides[3].path", expect.stringContaining('"Deeper" is below something that has no keys')],
    ]);
  });
});
