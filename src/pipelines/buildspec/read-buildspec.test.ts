import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildspecKeys, type KeyVerdict } from "./buildspec-keys.ts";
import { readBuildspec } from "./read-buildspec.ts";

const commands = "version: 0.2\nphases: {build: {commands: [make]}}\n";
const read = (text: string) => readBuildspec("buildspec.yml", text);

/** The value of a buildspec that must be good. */
function valueOf(text: string) {
  const result = read(text);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result.value;
}

type Row = readonly [path: string, verdict: KeyVerdict, yaml: string, meaning: unknown];

const phaseRows = (["install", "pre_build", "build", "post_build"] as const).flatMap((name): Row[] => {
  const phase = (yaml: string) => `version: 0.2\nphases: {${name}: {${yaml}}}`;
  return [
    [`phases.${name}`, "supported", phase("commands: [make]"), { phases: [{ name, commands: ["make"], onFailure: { kind: "abort" } }] }],
    [`phases.${name}.run-as`, "supported", phase("run-as: nobody, commands: [id]"), { phases: [{ runAs: "nobody" }] }],
    [
      `phases.${name}.on-failure`,
      "supported",
      phase("on-failure: CONTINUE, commands: [make]"),
      { phases: [{ onFailure: { kind: "continue" } }] },
    ],
    [`phases.${name}.commands`, "supported", phase("commands: [a, b]"), { phases: [{ commands: ["a", "b"] }] }],
    [`phases.${name}.finally`, "supported", phase("commands: [a], finally: [b]"), { phases: [{ finally: ["b"] }] }],
  ];
});

const artifactRows = (["artifacts", "artifacts.secondary-artifacts.*"] as const).flatMap((path): Row[] => {
  const name = path === "artifacts" ? "" : "extra";
  const artifact = (yaml: string) =>
    `${commands}artifacts: ${name === "" ? `{files: ["**/*"], ${yaml}}` : `{secondary-artifacts: {extra: {files: ["**/*"], ${yaml}}}}`}`;
  const means = (more: object) => ({ artifacts: [more] });
  return [
    [`${path}.files`, "supported", artifact(""), means({ files: ["**/*"] })],
    [`${path}.base-directory`, "supported", artifact("base-directory: out"), means({ baseDirectory: "out" })],
    [`${path}.discard-paths`, "supported", artifact("discard-paths: yes"), means({ discardPaths: true })],
    [`${path}.exclude-paths`, "supported", artifact('exclude-paths: ["*.map"]'), means({ excludePaths: ["*.map"] })],
    [`${path}.name`, "supported", artifact("name: site"), means({ name })],
    [`${path}.enable-symlinks`, "supported", artifact("enable-symlinks: yes"), means({ enableSymlinks: true })],
    [`${path}.s3-prefix`, "noticed", artifact("s3-prefix: p"), "has no bucket"],
  ];
});

const batchRows = ["", ".fast-fail", ".build-list", ".build-matrix", ".build-graph", ".build-fanout"].map((key): Row => [
  `batch${key}`,
  "refused",
  `${commands}batch: {${key === "" ? "fast-fail" : key.slice(1)}: true}`,
  "one; make an action of each",
]);

const report = (yaml: string) => `${commands}reports: {unit: {files: [r.xml], ${yaml}}}`;

const table: readonly Row[] = [
  ["version", "supported", commands, { phases: [{ name: "build" }] }],
  ["run-as", "supported", `${commands}run-as: nobody`, { runAs: "nobody" }],
  ["env", "supported", `${commands}env: {}`, { variables: {} }],
  ["env.shell", "supported", `${commands}env: {shell: bash}`, { shell: "bash" }],
  ["env.variables", "supported", `${commands}env: {variables: {A: 1}}`, { variables: { A: "1" } }],
  ["env.variables.*", "supported", `${commands}env: {variables: {A: "on"}}`, { variables: { A: "on" } }],
  ["env.parameter-store", "supported", `${commands}env: {parameter-store: {}}`, { secrets: [] }],
  [
    "env.parameter-store.*",
    "supported",
    `${commands}env: {parameter-store: {A: /x/a}}`,
    { secrets: [{ variable: "A", store: "parameter-store", reference: "/x/a" }] },
  ],
  ["env.exported-variables", "supported", `${commands}env: {exported-variables: [A]}`, { exportedVariables: ["A"] }],
  ["env.secrets-manager", "supported", `${commands}env: {secrets-manager: {}}`, { secrets: [] }],
  [
    "env.secrets-manager.*",
    "supported",
    `${commands}env: {secrets-manager: {A: "db:password:AWSCURRENT"}}`,
    { secrets: [{ variable: "A", store: "secrets-manager", reference: "db", jsonKey: "password" }] },
  ],
  ["env.git-credential-helper", "supported", `${commands}env: {git-credential-helper: yes}`, { gitCredentialHelper: true }],
  ["proxy", "noticed", `${commands}proxy: {logs: yes}`, "HTTP_PROXY"],
  ["proxy.upload-artifacts", "noticed", `${commands}proxy: {upload-artifacts: yes}`, "HTTP_PROXY"],
  ["proxy.logs", "noticed", `${commands}proxy: {logs: yes}`, "HTTP_PROXY"],
  ...batchRows,
  ["phases", "supported", commands, { phases: [{ commands: ["make"] }] }],
  ...phaseRows,
  ["phases.install.runtime-versions", "noticed", "version: 0.2\nphases: {install: {runtime-versions: {nodejs: 20}}}", "build.image"],
  ["phases.install.runtime-versions.*", "noticed", "version: 0.2\nphases: {install: {runtime-versions: {ruby: 3.1}}}", "build.image"],
  ["reports", "supported", `${commands}reports: {}`, { reports: [] }],
  ["reports.*", "supported", report(""), { reports: [{ name: "unit", format: "JUNITXML" }] }],
  ["reports.*.files", "supported", report(""), { reports: [{ files: ["r.xml"] }] }],
  ["reports.*.base-directory", "supported", report("base-directory: out"), { reports: [{ baseDirectory: "out" }] }],
  ["reports.*.discard-paths", "supported", report("discard-paths: yes"), { reports: [{ discardPaths: true }] }],
  ["reports.*.file-format", "supported", report("file-format: CUCUMBERJSON"), { reports: [{ format: "CUCUMBERJSON" }] }],
  ["artifacts", "supported", `${commands}artifacts: {files: [a]}`, { artifacts: [{ name: "", files: ["a"] }] }],
  ["artifacts.secondary-artifacts", "supported", `${commands}artifacts: {secondary-artifacts: {}}`, { artifacts: [] }],
  [
    "artifacts.secondary-artifacts.*",
    "supported",
    `${commands}artifacts: {secondary-artifacts: {x: {files: [b]}}}`,
    { artifacts: [{ name: "x" }] },
  ],
  ...artifactRows,
  ["cache", "supported", `${commands}cache: {paths: [node_modules]}`, { cache: { paths: ["node_modules"], key: "default" } }],
  ["cache.paths", "supported", `${commands}cache: {paths: ["/root/.npm/**/*"]}`, { cache: { paths: ["/root/.npm/**/*"] } }],
  ["cache.key", "supported", `${commands}cache: {paths: [a], key: npm}`, { cache: { key: "npm" } }],
  ["cache.fallback-keys", "supported", `${commands}cache: {paths: [a], fallback-keys: [npm-]}`, { cache: { fallbackKeys: ["npm-"] } }],
  ["cache.action", "supported", `${commands}cache: {paths: [a], action: restore}`, { cache: { restore: true, save: false } }],
];

describe("every key of the buildspec reference", () => {
  test("the table below has each of them, with its verdict", () => {
    expect(table.map(([path, verdict]) => `${path} ${verdict}`).toSorted()).toEqual(
      buildspecKeys.map(({ path, verdict }) => `${path} ${verdict}`).toSorted(),
    );
  });

  test.each(table)("%s is %s", (_, verdict, yaml, meaning) => {
    const result = read(yaml);
    if (verdict === "supported") {
      expect(result).toMatchObject({ ok: true, value: meaning, warnings: [] });
    } else if (verdict === "noticed") {
      expect(result).toMatchObject({
        ok: true,
        warnings: [{ code: "no-meaning-on-docker", message: expect.stringContaining(String(meaning)) }],
      });
    } else {
      expect(result).toMatchObject({
        ok: false,
        diagnostics: [{ code: "not-on-docker", message: expect.stringContaining(String(meaning)) }],
      });
    }
  });
});

describe("mistakes", () => {
  test.each([
    [
      "an unknown key, with the one that was meant",
      `${commands}artefacts: {}`,
      { code: "unknown-field", hint: "Did you mean `artifacts`?" },
    ],
    [
      "an unknown phase",
      "version: 0.2\nphases: {prebuild: {commands: [a]}}",
      { code: "unknown-field", hint: "Did you mean `pre_build`?", path: "phases.prebuild" },
    ],
    ["version 0.1", "version: 0.1\nphases: {build: {commands: [a]}}", { code: "invalid-value", message: expect.stringContaining("0.1") }],
    ["no version", "phases: {build: {commands: [a]}}", { code: "missing-field" }],
    [
      "a command that YAML reads as a map",
      "version: 0.2\nphases:\n  build:\n    commands:\n      - echo a: b\n",
      { path: "phases.build.commands[0]", at: { line: 5 } },
    ],
    ["PowerShell", `${commands}env: {shell: powershell.exe}`, { code: "not-on-docker" }],
    [
      "an on-failure that is none",
      "version: 0.2\nphases: {build: {on-failure: MAYBE, commands: [a]}}",
      { code: "invalid-value", at: { line: 2 } },
    ],
    ["text that is no YAML", "version: [", { code: "yaml-syntax" }],
  ])("%s", (_, text, diagnostic) => {
    expect(read(text)).toMatchObject({
      ok: false,
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ ...diagnostic, ...("at" in diagnostic ? { at: expect.objectContaining(diagnostic.at) } : {}) }),
      ]),
    });
  });
});

test.each([
  ["RETRY", { kind: "retry", attempts: 3 }],
  ["RETRY-2", { kind: "retry", attempts: 2 }],
  ["RETRY-.*timed out.*", { kind: "retry", attempts: 3, matching: ".*timed out.*" }],
  ["RETRY-5-ECONNRESET", { kind: "retry", attempts: 5, matching: "ECONNRESET" }],
])("on-failure %s", (text, onFailure) => {
  expect(valueOf(`version: 0.2\nphases: {build: {on-failure: "${text}", commands: [a]}}`).phases[0]?.onFailure).toEqual(onFailure);
});

test("a secret's ARN keeps its colons", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:1111:secret:db-AbCdEf";
  expect(valueOf(`${commands}env: {secrets-manager: {A: "${arn}:user"}}`).secrets[0]).toMatchObject({ reference: arn, jsonKey: "user" });
});

const real = fileURLToPath(new URL("../../../../shared/real", import.meta.url));
const present = existsSync(real);

test.skipIf(!present)(
  `buildspecs of live applications are read${present ? "" : " (skipped: ../shared/real is not beside the checkout)"}`,
  () => {
    const files = readdirSync(real, { recursive: true, encoding: "utf8" })
      .filter((file) => /buildspec[^/]*\.ya?ml$/.test(file) && !file.includes("/expected/"))
      .map((file) => `${real}/${file}`);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const result = readBuildspec(file, readFileSync(file, "utf8"));
      expect(result.ok ? [] : result.diagnostics, file).toEqual([]);
    }
  },
);
