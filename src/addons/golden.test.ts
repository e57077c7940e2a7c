import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readTemplate } from "../targets/aws/cloudformation/read.ts";
import type { AddonOwner } from "./addon-parameters.ts";
import { isAddonFileName, loadAddons, printAddonTemplate, type AddonFile } from "./load-addons.ts";

const shared = resolve(import.meta.dirname, "../../../shared");
const golden = join(shared, "golden/addons");
const real = join(shared, "real");
if (!existsSync(golden)) process.stderr.write(`skipped: no golden addons at ${golden}\n`);
if (!existsSync(real)) process.stderr.write(`skipped: no real workspaces at ${real}\n`);

const read = (path: string): string => readFileSync(path, "utf8");
const fileAt = (path: string): AddonFile => ({ name: basename(path), path: basename(path), content: read(path) });

function load(owner: AddonOwner, paths: readonly string[]) {
  const result = loadAddons(owner, paths.map(fileAt));
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  if (result.value === undefined) throw new Error("no addons");
  return result.value;
}

describe.skipIf(!existsSync(golden))("golden addons", () => {
  it.each([
    ["workload", "merge"],
    ["environment", "merge/env"],
  ] as const)("merges those of a %s", (owner, folder) => {
    // The merge goldens test merging alone: their parameters have no values, so a parameters file gives them some.
    const paths = ["first.yaml", "second.yaml"].map((name) => join(golden, folder, name));
    const merged = printAddonTemplate(load(owner, paths));
    expect(readTemplate(merged, "merged")).toEqual(readTemplate(read(join(golden, folder, "wanted.yaml")), "wanted"));
  });

  it.each(["conditions", "mappings", "metadata", "outputs", "parameters", "resources"])("refuses a conflict in %s", (section) => {
    const result = loadAddons("workload", [join(golden, "merge/first.yaml"), join(golden, `merge/invalid-${section}.yaml`)].map(fileAt));
    if (result.ok) throw new Error("expected a conflict");
    expect(result.diagnostics.map(({ code }) => code)).toContain("addon-conflict");
    expect(result.diagnostics[0]?.path?.toLowerCase()).toContain(section);
  });

  it("reads outputs", () => {
    const template = fileAt(join(golden, "outputs/template.yml"));
    const result = loadAddons("workload", [
      {
        ...template,
        content: template.content.replace("  Svc:", "  Name: { Type: String }\n  Svc: { Default: x }\n  Svc2:\n    Default: y"),
      },
    ]);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    expect(result.value?.outputs).toEqual([
      { name: "AdditionalResourcesPolicyArn", kind: "managed-policy" },
      { name: "MyRDSInstanceRotationSecretArn", kind: "secret" },
      { name: "MyDynamoDBTableName", kind: "value" },
      { name: "MyDynamoDBTableArn", kind: "value" },
      { name: "TestExport", kind: "value" },
    ]);
  });
});

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const expected = filesUnder(real).filter((path) => path.endsWith(".addons.yml") && path.includes("/expected/"));

function addonFolder(expectedFile: string): { owner: AddonOwner; folder: string } {
  const workspace = expectedFile.slice(0, expectedFile.indexOf("/expected/"));
  const name = basename(expectedFile, ".addons.yml");
  return name === "environment"
    ? { owner: "environment", folder: join(workspace, "copilot/environments/addons") }
    : { owner: "workload", folder: join(workspace, "copilot", name, "addons") };
}

describe.skipIf(expected.length === 0)("addons of real workspaces", () => {
  it.each(expected.map((path) => [relative(real, path), path]))("%s", (_, path) => {
    const { owner, folder } = addonFolder(path);
    const files = readdirSync(folder)
      .filter(isAddonFileName)
      .map((name) => join(folder, name));
    const printed = printAddonTemplate(load(owner, files));
    expect(readTemplate(printed, "ours")).toEqual(readTemplate(read(path), "expected"));
  });

  it("refuses what the original refused", () => {
    const refusals = filesUnder(real).filter((path) => path.endsWith(".error.json") && read(path).includes("parse addons stack"));
    expect(refusals.length).toBeGreaterThan(0);
    for (const refusal of refusals) {
      const workspace = refusal.slice(0, refusal.indexOf("/expected/"));
      const folder = join(workspace, "copilot", basename(refusal, ".error.json"), "addons");
      const result = loadAddons(
        "workload",
        readdirSync(folder).map((name) => fileAt(join(folder, name))),
      );
      expect(result.ok ? [] : result.diagnostics.map(({ code }) => code), dirname(refusal)).toContain("addon-parameter-without-value");
    }
  });
});
