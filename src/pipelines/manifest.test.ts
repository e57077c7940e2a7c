import { expect, test } from "vitest";
import { loadPipeline } from "./manifest.ts";

const manifest = (group: string): string => `name: release
version: 1
source: {provider: GitHub, properties: {repository: https://github.com/a/b}}
stages:
  - name: test
    ${group}
`;

const action = "pre_deployments: {migrate: {buildspec: b.yml, depends_on: [elsewhere]}}";

test("an action that waits for one that is not there is refused, and accepted with a warning where live pipelines are read", () => {
  const strict = loadPipeline("p.yml", manifest(action));
  expect(strict.ok ? [] : strict.diagnostics.map(({ path }) => path)).toEqual(["stages[0].pre_deployments.migrate.depends_on[0]"]);
  const lenient = loadPipeline("p.yml", manifest(action), { lenient: true });
  expect(lenient.ok ? lenient.warnings.map(({ message }) => message) : []).toEqual([
    "There is no `elsewhere` in this stage to come first.",
  ]);
});

test("a deployment that waits for one that is not there is always refused", () => {
  const lenient = loadPipeline("p.yml", manifest("deployments: {web: {depends_on: [elsewhere]}}"), { lenient: true });
  expect(lenient.ok ? [] : lenient.diagnostics.map(({ path }) => path)).toEqual(["stages[0].deployments.web.depends_on[0]"]);
});

test("a branch that looks like a number has to be quoted", () => {
  const read = (branch: string) =>
    loadPipeline("p.yml", manifest("test_commands: [x]").replace("{repository", `{branch: ${branch}, repository`));
  expect(read("1.0")).toMatchObject({ ok: false, diagnostics: [{ path: "source.properties.branch" }] });
  expect(read('"1.0"')).toMatchObject({ ok: true, value: { source: { branch: "1.0" } } });
});

test("a pipeline without stages builds and deploys nothing, and an image without a name is the usual one", () => {
  const text = manifest("x: y").replace(/stages:[^]*/, "build: {image: ''}\n");
  const read = loadPipeline("p.yml", text);
  expect(read).toMatchObject({ ok: true, value: { stages: [], build: { image: expect.stringContaining("aws/codebuild/") } } });
  expect(read.ok ? read.warnings.map(({ message }) => message) : []).toEqual(["There is no stage, so nothing is deployed."]);
});
