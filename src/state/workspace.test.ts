import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "../../test/samples/folder.ts";
import { nodeFiles } from "../platform/files.ts";
import { createWorkspace, deleteWorkspace, findWorkspace, listEnvironmentNames, listWorkloadManifests } from "./workspace.ts";

describe("a workspace", () => {
  test.each([
    ["application: shop\n", { application: "shop" }],
    ['# mine\napplication: "shop" # ours\ntarget: docker\n', { application: "shop", target: "docker" }],
    ["application: 'shop'\r\n", { application: "shop" }],
  ])("is read from %j, from any folder below it", async (text, expected) => {
    const root = folderWith({ "copilot/.workspace": text, "a/b/c/d/e/f/file": "" });
    expect(await findWorkspace(nodeFiles, join(root, "a/b/c/d/e/f"))).toEqual({ root, ...expected });
  });

  test("without an application, or with an unknown target, is a Problem", async () => {
    for (const text of ["", "application: [\n", 'application: "shop\n', "application: {a: b}\n"])
      await expect(findWorkspace(nodeFiles, folderWith({ "copilot/.workspace": text }))).rejects.toMatchObject({
        code: "workspace-without-application",
        hint: "write `application: NAME` into it, or remove it and run `copilot app init`",
      });
    await expect(findWorkspace(nodeFiles, folderWith({ "copilot/.workspace": "application: a\ntarget: moon\n" }))).rejects.toMatchObject({
      code: "workspace-target",
    });
  });

  test("is read though an editor of Windows wrote it", async () => {
    const root = folderWith({ "copilot/.workspace": "\uFEFFapplication: shop\r\n" });
    expect(await findWorkspace(nodeFiles, root)).toEqual({ root, application: "shop" });
  });

  test("is never overwritten, and goes without its manifests", async () => {
    const root = folderWith({ "copilot/.workspace": "application: shop\n# mine\n", "copilot/web/manifest.yml": "name: web\n" });
    await createWorkspace(nodeFiles, { root, application: "shop", target: "docker" });
    expect(await nodeFiles.readText(join(root, "copilot/.workspace"))).toContain("# mine");
    await deleteWorkspace(nodeFiles, { root, application: "shop" });
    expect(existsSync(join(root, "copilot/.workspace"))).toBe(false);
    expect(existsSync(join(root, "copilot/web/manifest.yml"))).toBe(true);
  });

  test("lists workloads and environments that have a manifest", async () => {
    const root = folderWith({
      "copilot/web/manifest.yml": "name: web\n",
      "copilot/web/addons/db.yml": "",
      "copilot/empty/readme.md": "",
      "copilot/environments/test/manifest.yml": "name: test\n",
      "copilot/environments/addons/a.yml": "",
      "copilot/pipelines/release/manifest.yml": "",
    });
    expect(await listWorkloadManifests(nodeFiles, root)).toEqual([{ path: "copilot/web/manifest.yml", text: "name: web\n" }]);
    expect(await listEnvironmentNames(nodeFiles, root)).toEqual(["test"]);
  });
});
