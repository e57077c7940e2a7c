import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readTemplate } from "../targets/aws/cloudformation/read.ts";
import { assetProperties } from "./asset-properties.ts";
import { toFileAsset, toZipAsset } from "./asset.ts";
import { loadAddons, printAddonTemplate } from "./load-addons.ts";
import { addonTemplateKey, assetKey, placeAssets } from "./package-assets.ts";

const HEAD = "Parameters:\n  App: { Type: String }\n  Env: { Type: String }\n  Name: { Type: String }\n";

function load(template: string) {
  const result = loadAddons("workload", [{ name: "a.yml", path: "copilot/api/addons/a.yml", content: HEAD + template }]);
  if (!result.ok || result.value === undefined) throw new Error("expected addons");
  return result.value;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (path: string, text = path, mode = 0o644) => ({ path, mode, content: bytes(text) });

describe("assets of addons", () => {
  it("finds the path in each property that AWS's own packaging knows", () => {
    for (const [type, properties] of Object.entries(assetProperties)) {
      const nested = properties.map(({ path }) => path.toReversed().reduce((inner, key) => `{ ${key}: ${inner} }`, "./local"));
      for (const [index, value] of nested.entries()) {
        const addons = load(`Resources:\n  It:\n    Type: ${type}\n    Properties: ${value}\n`);
        expect(addons.assets, type).toMatchObject([
          { path: "./local", zip: properties[index]?.zip, at: { file: "copilot/api/addons/a.yml", line: 8 } },
        ]);
      }
    }
    expect(Object.keys(assetProperties)).toHaveLength(16);
  });

  it.each(["s3://bucket/key", "https://example.com/x", "!Ref Code", "!Sub '${App}/x'", "{ ZipFile: code }", "''"])(
    "leaves %s alone",
    (code) => {
      expect(load(`Resources:\n  It:\n    Type: AWS::Lambda::Function\n    Properties: { Code: ${code} }\n`).assets).toEqual([]);
    },
  );

  it("writes where each was uploaded to", () => {
    const addons = load(`Resources:
  Fn: { Type: AWS::Lambda::Function, Properties: { Code: ./fn, Handler: index.handler } }
  Job: { Type: AWS::Glue::Job, Properties: { Command: { ScriptLocation: ./job.py } } }
  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./nested.yml } }
Outputs:
  Included:
    Fn::Transform: { Name: AWS::Include, Parameters: { Location: ./out.yml } }
  Short: !Transform { Name: AWS::Include, Parameters: { Location: ./out.yml } }
`);
    const before = printAddonTemplate(addons);
    const placed = placeAssets(addons, ({ path }) => {
      const key = assetKey("api", path.replace("./", ""));
      return { bucket: "artifacts", key, url: `https://artifacts.example/${key}` };
    });
    expect(readTemplate(printAddonTemplate(placed), "placed")).toMatchObject({
      Resources: {
        Fn: { Properties: { Code: { S3Bucket: "artifacts", S3Key: "manual/addons/api/assets/fn" }, Handler: "index.handler" } },
        Job: { Properties: { Command: { ScriptLocation: "s3://artifacts/manual/addons/api/assets/job.py" } } },
        Nested: { Properties: { TemplateURL: "https://artifacts.example/manual/addons/api/assets/nested.yml" } },
      },
      Outputs: {
        Included: { "Fn::Transform": { Parameters: { Location: "s3://artifacts/manual/addons/api/assets/out.yml" } } },
        Short: { "Fn::Transform": { Parameters: { Location: "s3://artifacts/manual/addons/api/assets/out.yml" } } },
      },
    });
    expect(placed.assets).toEqual([]);
    expect(printAddonTemplate(addons)).toBe(before);
  });
});

describe("toZipAsset", () => {
  const files = [file("b.js"), file("a/z.js"), file("a.js"), file("a/b/c.sh", "run", 0o755)];

  it("has the same hash and bytes for the same files, in whatever order they were read", () => {
    const [one, other] = [toZipAsset(files), toZipAsset(files.toReversed())];
    expect(other.hash).toBe(one.hash);
    expect(other.content).toEqual(one.content);
    expect(Object.keys(unzipSync(one.content))).toEqual(["a/b/c.sh", "a/z.js", "a.js", "b.js"]);
  });

  it("has another hash for another name, permission or content", () => {
    const hashes = [
      toZipAsset([file("a", "x")]),
      toZipAsset([file("b", "x")]),
      toZipAsset([file("a", "y")]),
      toZipAsset([file("a", "x", 0o755)]),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(4);
  });

  it("keys assets as the original did", () => {
    // sha256 of "index.js -rw-r--r--" followed by the content "x"
    expect(toZipAsset([file("index.js", "x")]).hash).toBe("6b3780a60ea2603964ac3735a19370bf161d5955cd8ba5dd1742087fe2e40dc7");
    expect(toFileAsset(file("x", "abc")).hash).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(assetKey(undefined, "h")).toBe("manual/addons/environments/assets/h");
    expect(addonTemplateKey("api", "abc")).toBe("manual/addons/api/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.yml");
    expect(addonTemplateKey(undefined, "")).toMatch(/^manual\/addons\/environments\/[0-9a-f]{64}\.yml$/);
  });
});
