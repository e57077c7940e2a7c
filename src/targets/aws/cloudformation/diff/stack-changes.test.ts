import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json.ts";
import { readTemplate } from "../read.ts";
import { describeChanges } from "./describe-change.ts";
import { compareStacks, isUnchanged, type StackChanges } from "./stack-changes.ts";

const TEMPLATE = `
Metadata:
  Manifest: old
Parameters:
  AppName: { Type: String }
  ContainerImage: { Type: String }
  TaskCount: { Type: Number }
  AddonsTemplateURL: { Type: String, Default: '' }
  Password: { Type: String, Default: a, NoEcho: true }
Conditions:
  HasAddons: !Not [!Equals [!Ref AddonsTemplateURL, '']]
Mappings:
  Sizes:
    prod: { Cpu: 1024 }
Resources:
  LogGroup:
    Metadata: { 'aws:copilot:description': 'logs' }
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Retain
    Properties:
      LogGroupName: !Join ['', [/copilot/, !Ref AppName]]
      RetentionInDays: 30
  TaskDefinition:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Sub '\${AppName}-api'
      Cpu: !FindInMap [Sizes, prod, Cpu]
      ContainerDefinitions:
        - Name: api
          Image: !Ref ContainerImage
  Service:
    Type: AWS::ECS::Service
    Properties:
      DesiredCount: !Ref TaskCount
      TaskDefinition: !Ref TaskDefinition
      SecurityGroups: !If [HasAddons, [!GetAtt AddonsStack.Outputs.Group], !Ref AWS::NoValue]
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Dimensions: [{ Name: ServiceName, Value: !GetAtt Service.Name }]
  AddonsStack:
    Type: AWS::CloudFormation::Stack
    Condition: HasAddons
    Properties:
      TemplateURL: !Ref AddonsTemplateURL
Outputs:
  Arn:
    Value: !Ref Service
`;

const VALUES = { AppName: "demo", ContainerImage: "image:1", TaskCount: "1" };
const template = (edit: (text: string) => string = (text) => text): JsonObject => readTemplate(edit(TEMPLATE), "test");
const deployed = { template: template(), parameters: VALUES };

function changesOf(edit?: (text: string) => string, values: Readonly<Record<string, string>> = VALUES): StackChanges {
  return compareStacks(deployed, { template: template(edit), parameters: values });
}

const effects = ({ resources }: StackChanges) => Object.fromEntries(resources.map(({ logicalId, effect }) => [logicalId, effect]));

const action = (id: string) => (text: string) =>
  text.replace("Outputs:", `  Count:\n    Type: Custom::DynamicDesiredCountFunction\n    Properties: { UpdateID: ${id} }\nOutputs:`);

describe("compareStacks", () => {
  it("finds nothing between equal stacks, whatever the spelling, the descriptions and the manifest", () => {
    const changes = changesOf((text) =>
      text
        .replace("!Ref ContainerImage", "{ Ref: ContainerImage }")
        .replace("RetentionInDays: 30", "RetentionInDays: '30'")
        .replace("'logs'", "'All of the logs'")
        .replace("Manifest: old", "Manifest: new"),
    );
    expect(changes).toEqual({ resources: [], parameters: [], outputs: [] });
    expect(isUnchanged(changes)).toBe(true);
  });

  it("creates everything of a new stack, but for what its conditions leave out", () => {
    const changes = compareStacks(undefined, deployed);
    expect(effects(changes)).toEqual({ LogGroup: "create", TaskDefinition: "create", Service: "create", Alarm: "create" });
    expect(changes.parameters).toContainEqual({ name: "TaskCount", before: undefined, after: "1" });
  });

  it("follows a parameter to the resources that it changes, and a replacement to those that refer to it", () => {
    const changes = changesOf(undefined, { ...VALUES, ContainerImage: "image:2" });
    expect(changes.parameters).toEqual([{ name: "ContainerImage", before: "image:1", after: "image:2" }]);
    expect(changes.resources).toEqual([
      { logicalId: "Service", type: "AWS::ECS::Service", effect: "update", changed: ["TaskDefinition"], causes: [] },
      {
        logicalId: "TaskDefinition",
        type: "AWS::ECS::TaskDefinition",
        effect: "replace",
        changed: ["ContainerDefinitions"],
        causes: ["ContainerDefinitions"],
      },
    ]);
  });

  it("updates in place where the property allows it", () => {
    expect(changesOf((text) => text.replace("RetentionInDays: 30", "RetentionInDays: 90")).resources).toEqual([
      { logicalId: "LogGroup", type: "AWS::Logs::LogGroup", effect: "update", changed: ["RetentionInDays"], causes: [] },
    ]);
  });

  it("knows a replacement through joins, substitutions and mappings", () => {
    expect(effects(changesOf(undefined, { ...VALUES, AppName: "other" }))).toEqual({
      LogGroup: "replace",
      TaskDefinition: "replace",
      Service: "update",
    });
    expect(effects(changesOf((text) => text.replace("Cpu: 1024", "Cpu: 2048")))).toMatchObject({ TaskDefinition: "replace" });
  });

  it("evaluates conditions: a parameter brings a resource", () => {
    const changes = changesOf(undefined, { ...VALUES, AddonsTemplateURL: "https://addons" });
    expect(effects(changes)).toEqual({ AddonsStack: "create", Service: "update" });
    const back = compareStacks({ template: template(), parameters: { ...VALUES, AddonsTemplateURL: "https://addons" } }, deployed);
    expect(effects(back)).toEqual({ AddonsStack: "delete", Service: "update" });
  });

  it("tells what is deleted from what is kept", () => {
    const changes = changesOf((text) =>
      text
        .replace(/ {2}LogGroup:[\s\S]*? {2}TaskDefinition:/, "  TaskDefinition:")
        .replace(/ {2}Alarm:[\s\S]*? {2}AddonsStack:/, "  AddonsStack:"),
    );
    expect(effects(changes)).toEqual({ LogGroup: "retain", Alarm: "delete" });
  });

  it("replaces a resource whose type changes", () => {
    expect(effects(changesOf((text) => text.replace("AWS::Logs::LogGroup", "AWS::SNS::Topic")))).toEqual({ LogGroup: "replace" });
  });

  it("follows replacements from one resource to the next", () => {
    const changes = changesOf((text) => text.replace("DesiredCount: !Ref TaskCount", "LaunchType: EC2"));
    expect(effects(changes)).toEqual({ Service: "replace", Alarm: "update" });
  });

  it("masks secret parameters", () => {
    const changes = changesOf(undefined, { ...VALUES, Password: "b" });
    expect(changes.parameters).toEqual([{ name: "Password", before: "****", after: "****" }]);
  });

  it("compares outputs", () => {
    const changes = changesOf((text) =>
      text.replace("Value: !Ref Service", "Value: !GetAtt Service.Name").concat("  Extra: { Value: x }\n"),
    );
    expect(changes.outputs.map(({ name }) => name)).toEqual(["Arn", "Extra"]);
  });

  it("passes over the random value that makes a count be looked up each time", () => {
    const before = { template: template(action("1")), parameters: VALUES };
    expect(compareStacks(before, { template: template(action("2")), parameters: VALUES }).resources).toEqual([]);
  });
});

describe("describeChanges", () => {
  it("marks what is replaced or deleted", () => {
    const changes = changesOf((text) => text.replace(/ {2}Alarm:[\s\S]*? {2}AddonsStack:/, "  AddonsStack:"), {
      ...VALUES,
      ContainerImage: "image:2",
    });
    expect(describeChanges(changes)).toEqual([
      { tone: "danger", text: "- Alarm (AWS::CloudWatch::Alarm) will be deleted" },
      { tone: "changed", text: "~ Service (AWS::ECS::Service): TaskDefinition" },
      { tone: "danger", text: "± TaskDefinition (AWS::ECS::TaskDefinition) will be replaced, because of ContainerDefinitions" },
      { tone: "changed", text: "~ Parameter ContainerImage: image:1 -> image:2" },
    ]);
  });
});
