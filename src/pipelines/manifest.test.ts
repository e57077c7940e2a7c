import { expect, test } from "vitest";
import { loadPipeline } from "./manifest.ts";

const manifest = `name: release
version: 1
source: {provider: GitHub, properties: {repository: https://github.com/a/b}}
stages:
  - name: test
    pre_deployments:
      migrate: {buildspec: b.yml, depends_on: [elsewhere]}
`;

test("an action that waits for one that is not there is refused, and accepted with a warning where live pipelines are read", () => {
  const strict = loadPipeline("p.yml", manifest);
  expect(strict.ok ? [] : strict.diagnostics.map(({ path }) => path)).toEqual(["stages[0].pre_deployments.migrate.depends_on[0]"]);
  const lenient = loadPipeline("p.yml", manifest, { lenient: true });
  expect(lenient.ok ? lenient.warnings.map(({ message }) => message) : []).toEqual([
    "There is no `elsewhere` in this stage to come first.",
  ]);
});
