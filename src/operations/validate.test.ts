import { describe, expect, test } from "vitest";

import { validate } from "./validate.ts";
import type { ValidateInput } from "./validate.ts";
import type { ManifestReader } from "./validate-files.ts";

/** Files in memory, by absolute path. */
function memoryFiles(files: Readonly<Record<string, string>>): ManifestReader {
  const paths = Object.keys(files);
  return {
    readText: (path) => Promise.resolve(files[path]),
    readTextNow: (path) => files[path],
    list: (folder) => {
      const inside = paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
      const names = [...new Set(inside.map((path) => path.split("/")[0] ?? ""))].toSorted();
      return Promise.resolve(names.map((name) => ({ name, kind: inside.includes(name) ? ("file" as const) : ("folder" as const) })));
    },
  };
}

const api = "name: api\ntype: Backend Service\nimage: {location: x}\n";
const workspace = {
  "/ws/copilot/.workspace": "application: shop\n",
  "/ws/copilot/api/manifest.yml": `${api}environments:\n  prod: {count: many}\n`,
  "/ws/copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "/ws/copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\ncdn: {certificate: x}\n",
  "/ws/copilot/pipelines/release/manifest.yml":
    "name: release\nversion: 1\nsource: {provider: GitHub, properties: {repository: a/b}}\nstages: [{name: test, require_approval: true}]\n",
};
const input: ValidateInput = { root: "/ws", application: "shop", variables: {} };
const told = ({ diagnostics }: Awaited<ReturnType<typeof validate>>): readonly string[] =>
  diagnostics.map(({ severity, at, path }) => `${severity} ${at?.file}:${at?.line} ${path}`);

describe("validating", () => {
  test("a workspace reads every manifest and tells everything by file", async () => {
    const result = await validate(input, memoryFiles(workspace));
    expect(result.files).toEqual([
      "copilot/api/manifest.yml",
      "copilot/environments/prod/manifest.yml",
      "copilot/environments/test/manifest.yml",
      "copilot/pipelines/release/manifest.yml",
    ]);
    expect(told(result)).toEqual([
      "error copilot/api/manifest.yml:5 environments.prod.count",
      "error copilot/environments/prod/manifest.yml:3 cdn.certificate",
      "warning copilot/pipelines/release/manifest.yml:4 stages[0].require_approval",
    ]);
    expect(result.accepted).toBe(false);
  });

  test("one manifest, for one environment", async () => {
    const files = memoryFiles({ "/ws/copilot/api/manifest.yml": `${api}cpu: 256\nenvironments:\n  test: {cpu: 512}\n` });
    const result = await validate({ ...input, path: "/ws/copilot/api/manifest.yml", environment: "test" }, files);
    expect(result.accepted).toBe(true);
    expect(result.resolved).toEqual([
      {
        file: "copilot/api/manifest.yml",
        environment: "test",
        text: "name: api\ntype: Backend Service\nimage:\n  location: x\ncpu: 512\n",
      },
    ]);
  });

  test("a folder of a workload", async () => {
    const result = await validate({ ...input, path: "/ws/copilot/api" }, memoryFiles(workspace));
    expect(result.files).toEqual(["copilot/api/manifest.yml"]);
  });

  test("tells once what holds for all environments, and names those for which something else does", async () => {
    const files = memoryFiles({
      "/ws/copilot/api/manifest.yml": `${api}variables: {A: "\${A}"}\nstorage: {ephemeral: 5}\nenvironments:\n  test: {}\n  prod: {image: {build: a, depends_on: {n: start}}}\n`,
    });
    const result = await validate(input, files);
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      "The variable A is not defined.",
      "Expected a size in GiB from 20 to 200, found 5.",
      expect.stringMatching(/There is no container `n`\. \(In prod\.\)/),
    ]);
  });

  test("unknown fields are warnings where that is asked for", async () => {
    const files = memoryFiles({ "/ws/copilot/api/manifest.yml": `${api}cpus: 5\n` });
    expect(told(await validate(input, files))).toEqual(["error copilot/api/manifest.yml:4 cpus"]);
    expect(told(await validate({ ...input, lenient: true }, files))).toEqual(["warning copilot/api/manifest.yml:4 cpus"]);
  });

  test("a manifest has the name of its folder", async () => {
    const files = memoryFiles({ "/ws/copilot/web/manifest.yml": api });
    expect((await validate(input, files)).diagnostics).toMatchObject([{ code: "name-mismatch", at: { line: 1, column: 7 } }]);
  });

  test("two services that answer the same requests are told with both places, for the environments where they do", async () => {
    const web = (name: string, path: string): string =>
      `name: ${name}\ntype: Load Balanced Web Service\nimage: {location: x, port: 80}\nhttp:\n  path: ${path}\n`;
    const files = memoryFiles({
      "/ws/copilot/api/manifest.yml": web("api", "/"),
      "/ws/copilot/web/manifest.yml": `${web("web", "/")}environments:\n  prod: {http: {path: web}}\n`,
      "/ws/copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    });
    const { accepted, diagnostics } = await validate(input, files);
    expect(accepted).toBe(true);
    expect(diagnostics).toMatchObject([
      {
        severity: "warning",
        code: "route-taken",
        path: "http.path",
        at: { file: "copilot/web/manifest.yml", line: 5, column: 9 },
        message:
          "`web` and `api` both claim requests for /: only one of them can have it (the other claim: copilot/api/manifest.yml:5:9). (In test.)",
      },
    ]);
  });

  test("a place without manifests is a problem that a person can fix", async () => {
    await expect(validate(input, memoryFiles({ "/ws/a": "" }))).rejects.toMatchObject({ code: "manifest-not-found" });
    await expect(validate({ ...input, path: "/ws/x.yml" }, memoryFiles({}))).rejects.toMatchObject({ code: "manifest-not-found" });
  });
});
