import { describe, expect, test } from "vitest";

import type { Diagnostic } from "../model/diagnostic.ts";
import { loadPipeline } from "../pipelines/manifest.ts";
import { loadWorkload } from "./load.ts";

function told(text: string, lenient: boolean): readonly Diagnostic[] {
  const result = loadWorkload({ file: "manifest.yml", text, application: "app", environment: "test", variables: {}, lenient });
  return result.ok ? result.warnings : result.diagnostics;
}
const severities = (text: string, lenient: boolean): readonly string[] =>
  told(text, lenient).map(({ severity, path }) => `${severity} ${path}`);

const web = "name: web\ntype: Load Balanced Web Service\nimage: {location: x, port: 80}\n";
const api = "name: api\ntype: Backend Service\nimage: {location: x, port: 80}\n";

describe("lenient reading accepts what was accepted, and no more", () => {
  test.each([
    ["an unknown field", `${api}cpus: 5\n`, ["error cpus"], ["warning cpus"]],
    [
      "a value that will not do in the override of another environment",
      `${api}environments: {prod: {platform: beos/mips}}\n`,
      ["error environments.prod.platform"],
      [],
    ],
    [
      "a value that will not do under an override",
      `${api}platform: beos/mips\nenvironments: {test: {platform: linux/amd64}}\n`,
      ["error platform"],
      [],
    ],
    [
      "a wrong type in the map of a field with several forms",
      `${web}http: {path: /, deregistration_delay: 60}\n`,
      ["error http.deregistration_delay"],
      ["warning http.deregistration_delay"],
    ],
    [
      "the same in a field with one form",
      `${api}http: {path: /, deregistration_delay: 60}\n`,
      ["error http.deregistration_delay"],
      ["error http.deregistration_delay"],
    ],
    [
      "a wrong type in a form that never dropped any",
      `${web}http: {path: /, healthcheck: {interval: 10}}\n`,
      ["error http.healthcheck.interval"],
      ["error http.healthcheck.interval"],
    ],
    [
      "a flag of a map",
      `${api}exec: {enable: maybe}
`,
      ["error exec.enable"],
      ["warning exec.enable", "warning exec.enable"],
    ],
    ["a wrong type elsewhere", `${api}cpu: many\n`, ["error cpu"], ["error cpu"]],
    ["a rule that is broken", `${api}count: {range: 1-5}\n`, ["error count.range"], ["error count.range"]],
  ])("%s", (_name, text, strict, lenient) => {
    expect(severities(text, false)).toEqual(strict);
    expect(severities(text, true)).toEqual(lenient);
  });

  test("a map without any known field counts as left out where it always did", () => {
    expect(severities(`${api}http: {}\n`, false)).toEqual([]);
    expect(severities(`${api}http: {pathh: /}\n`, true)).toEqual(["warning http.pathh"]);
  });

  test("a duration that was dropped is none, as live stacks have it", () => {
    const result = loadWorkload({
      file: "m.yml",
      text: `${web}http: {path: /, deregistration_delay: 5}\n`,
      application: "a",
      environment: "e",
      variables: {},
      lenient: true,
    });
    expect(result.ok && result.value.http?.rules[0].deregistrationDelay).toBe(0);
  });

  test("a list leaves out what says nothing", () => {
    const result = loadWorkload({
      file: "m.yml",
      text: `${api}command: [a, , b]\n`.replace(", ,", ", ~,"),
      application: "a",
      environment: "e",
      variables: {},
    });
    expect(result.ok && result.value.task?.containers[0].command).toEqual(["a", "b"]);
  });
});

test("an action of a pipeline needs its buildspec", () => {
  const text =
    "name: release\nversion: 1\nsource: {provider: GitHub, properties: {repository: a/b}}\nstages: [{name: test, pre_deployments: {migrate: }}]\n";
  const result = loadPipeline("manifest.yml", text);
  expect(result.ok ? [] : result.diagnostics).toMatchObject([{ path: "stages[0].pre_deployments.migrate.buildspec" }]);
});
