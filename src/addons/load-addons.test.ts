import { describe, expect, it } from "vitest";
import { loadAddons, printAddonTemplate, type AddonFile } from "./load-addons.ts";

const file = (name: string, content: string): AddonFile => ({ name, path: `copilot/api/addons/${name}`, content });

const TABLE = `Parameters:
  App: { Type: String }
  Env: { Type: String }
  Name: { Type: String }
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub \${App}-\${Env}-\${Name}
Outputs:
  TableName:
    Value: !Ref Table
`;

const macros = (text: string) => `${TABLE}Transform: ${text}\n`;

function codesOf(files: readonly AddonFile[], owner: "workload" | "environment" = "workload"): string[] {
  const result = loadAddons(owner, files);
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

describe("loadAddons", () => {
  it("finds nothing in a folder without templates", () => {
    expect(loadAddons("workload", [])).toEqual({ ok: true, value: undefined, warnings: [] });
    expect(loadAddons("workload", [file("README.md", "# x"), file("addons.parameters.yml", "Parameters:\n")])).toMatchObject({
      value: undefined,
    });
  });

  it("keeps what two files define alike once, and adds the rest in file order", () => {
    const queue = TABLE.replace("Resources:\n", "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n");
    const result = loadAddons("workload", [file("b.yml", queue), file("a.yaml", TABLE)]);
    if (!result.ok || result.value === undefined) throw new Error("expected addons");
    const printed = printAddonTemplate(result.value);
    expect(printed.match(/Table:$/gm)).toHaveLength(1);
    expect(printed.indexOf("  Table:")).toBeLessThan(printed.indexOf("  Queue:"));
    expect(printed).toContain("TableName: !Sub ${App}-${Env}-${Name}");
  });

  it("refuses a key that stands twice in a resource of a workload, and lets it through deeper inside and for environments", () => {
    const twice = TABLE.replace("    Type: AWS::DynamoDB::Table\n", "$&$&");
    expect(codesOf([file("a.yml", twice)])).toEqual(["duplicate-key"]);
    expect(codesOf([file("a.yml", twice.replace(/  Name: .*\n/, ""))], "environment")).toEqual([]);
    expect(codesOf([file("a.yml", TABLE.replace(/ +TableName: !Sub.*\n/, "$&$&"))])).toEqual([]);
  });

  it("refuses parameters in braces and parameters that stand twice", () => {
    const parametersOf = (text: string) => codesOf([file("a.yml", TABLE), file("addons.parameters.yml", text)]);
    expect(parametersOf("Parameters: {}\n")).toEqual(["addon-parameters-in-braces"]);
    expect(parametersOf("Parameters:\n  A: 1\n  A: 2\n")).toContain("duplicate-key");
    expect(parametersOf("Parameters:\nParameters:\n  A: 1\n")).toContain("duplicate-key");
    expect(codesOf([file("a.yml", TABLE.replace(/ +App: .*\n/, "$&$&"))])).toEqual(["duplicate-key"]);
  });

  it("names both places of a conflict", () => {
    const other = TABLE.replace("${Name}", "other");
    const result = loadAddons("workload", [file("a.yml", TABLE), file("b.yml", other)]);
    if (result.ok) throw new Error("expected a conflict");
    expect(result.diagnostics).toHaveLength(1);
    expect(result.diagnostics[0]).toMatchObject({ code: "addon-conflict", at: { file: "copilot/api/addons/b.yml", line: 6, column: 3 } });
    expect(result.diagnostics[0]?.message).toContain("copilot/api/addons/a.yml:6:3");
  });

  it("reports all conflicts at once", () => {
    const other = TABLE.replace("${Name}", "other").replace("!Ref Table", "!GetAtt Table.Arn");
    expect(codesOf([file("a.yml", TABLE), file("b.yml", other)])).toEqual(["addon-conflict", "addon-conflict"]);
  });

  it("tells what each output becomes", () => {
    const result = loadAddons("workload", [
      file(
        "a.yml",
        `${TABLE}  Password: { Value: { Ref: Secret } }
  Policy: { Value: !Ref Access }
  Group: { Value: !Ref Firewall }
  GroupId: { Value: !GetAtt Firewall.GroupId }
`.replace(
          "Resources:\n",
          `Resources:
  Secret: { Type: AWS::SecretsManager::Secret }
  Access: { Type: AWS::IAM::ManagedPolicy }
  Firewall: { Type: AWS::EC2::SecurityGroup }
`,
        ),
      ),
    ]);
    if (!result.ok) throw new Error("expected addons");
    expect(result.value?.outputs).toEqual([
      { name: "TableName", kind: "value" },
      { name: "Password", kind: "secret" },
      { name: "Policy", kind: "managed-policy" },
      { name: "Group", kind: "security-group" },
      { name: "GroupId", kind: "value" },
    ]);
  });

  it("wants Copilot's own parameters declared", () => {
    const without = TABLE.replace("  Name: { Type: String }\n", "");
    expect(codesOf([file("a.yml", without)])).toEqual(["addon-parameter-required"]);
    expect(codesOf([file("a.yml", without)], "environment")).toEqual([]);
  });

  it("wants a value for every parameter", () => {
    const more = TABLE.replace("  Name:", "  Vpc: { Type: String }\n  Size: { Type: Number, Default: '5' }\n  Name:");
    const result = loadAddons("workload", [file("a.yml", more)]);
    if (result.ok) throw new Error("expected a refusal");
    expect(result.diagnostics).toMatchObject([
      { code: "addon-parameter-without-value", path: "Parameters.Vpc", at: { file: "copilot/api/addons/a.yml", line: 4, column: 3 } },
    ]);
    expect(codesOf([file("a.yml", more), file("addons.parameters.yml", "Parameters:\n  Vpc: !Ref VPC\n")])).toEqual([]);
  });

  it("passes the parent's expressions on", () => {
    const more = TABLE.replace("  Name:", "  Subnets: { Type: String }\n  Name:");
    const given = "Parameters:\n  Subnets: !Join [',', [!Ref PrivateSubnet1, !GetAtt VPC.CidrBlock]]\n";
    const result = loadAddons("workload", [file("a.yml", more), file("addons.parameters.yaml", given)]);
    if (!result.ok) throw new Error("expected addons");
    expect(result.value?.parameters).toEqual({
      Subnets: { "Fn::Join": [",", [{ Ref: "PrivateSubnet1" }, { "Fn::GetAtt": ["VPC", "CidrBlock"] }]] },
    });
  });

  it.each([
    ["Parameters:\n  App: x\n", "addon-parameter-reserved"],
    ["Parameters:\n  Typo: x\n", "addon-parameter-unknown"],
    ["Params:\n  Vpc: x\n", "addon-parameters-missing"],
    ["Parameters: [a]\n", "addon-parameters-not-a-map"],
  ])("refuses the parameters file %j", (content, code) => {
    expect(codesOf([file("a.yml", TABLE), file("addons.parameters.yml", content)])).toEqual([code]);
  });

  it("refuses two parameters files", () => {
    const files = [file("a.yml", TABLE), file("addons.parameters.yml", "Parameters:\n"), file("addons.parameters.yaml", "Parameters:\n")];
    expect(codesOf(files)).toEqual(["addon-parameters-twice"]);
  });

  it("points at a syntax error", () => {
    const result = loadAddons("workload", [file("a.yml", "Resources:\n  A: [1\n")]);
    if (result.ok) throw new Error("expected a refusal");
    expect(result.diagnostics[0]).toMatchObject({ code: "yaml-syntax", at: { file: "copilot/api/addons/a.yml" } });
  });

  it("makes one list of all transforms", () => {
    const result = loadAddons("workload", [file("a.yml", macros("One")), file("b.yml", macros("[Two, One]"))]);
    if (!result.ok || result.value === undefined) throw new Error("expected addons");
    expect(printAddonTemplate(result.value)).toMatch(/Transform:\n  - One\n  - Two\n/);
  });
});
