import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssetReference } from "./asset-references.ts";
import { readAsset } from "./read-asset.ts";

const root = mkdtempSync(join(tmpdir(), "assets-"));
const reference = (path: string, zip: boolean): AssetReference => ({
  path,
  zip,
  form: { kind: "s3-uri" },
  place: [],
  at: { file: "copilot/api/addons/a.yml", line: 7, column: 3, length: 1, text: "" },
});

beforeAll(() => {
  mkdirSync(join(root, "fn/lib"), { recursive: true });
  writeFileSync(join(root, "fn/index.js"), "index");
  writeFileSync(join(root, "fn/lib/run.sh"), "run");
  chmodSync(join(root, "fn/lib/run.sh"), 0o755);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("readAsset", () => {
  it("zips a folder with the names below it", async () => {
    const { content } = await readAsset(root, reference("./fn", false));
    expect(Object.keys(unzipSync(content))).toEqual(["index.js", "lib/run.sh"]);
  });

  it("takes a file as it is, or zipped under its name", async () => {
    expect(new TextDecoder().decode((await readAsset(root, reference("fn/index.js", false))).content)).toBe("index");
    expect(Object.keys(unzipSync((await readAsset(root, reference(join(root, "fn/index.js"), true))).content))).toEqual(["index.js"]);
  });

  it("names the addon's line when the path leads nowhere", async () => {
    await expect(readAsset(root, reference("./none", true))).rejects.toMatchObject({
      code: "addon-asset-missing",
      message: expect.stringContaining("copilot/api/addons/a.yml:7 names ./none"),
    });
  });
});
