import { rangeOf, type Place } from "../../manifest/source.ts";
import { parseYaml } from "../../manifest/parse.ts";
import { listNames, nearestName } from "../../manifest/schema/suggestion.ts";
import { isNull, valueOf, type MapEntry, type Node } from "../../manifest/tree.ts";
import type { Checked, Diagnostic } from "../../model/diagnostic.ts";
import { findKey, keysUnder } from "./buildspec-keys.ts";
import {
  phaseNames,
  type ArtifactSet,
  type Buildspec,
  type CacheSet,
  type FileSet,
  type OnFailure,
  type Phase,
  type ReportSet,
} from "./buildspec.ts";
import { FieldReader } from "./field-reader.ts";

/** Reads a buildspec: it, with a warning for each key that means nothing here, or everything that is wrong with it. */
export function readBuildspec(file: string, text: string): Checked<Buildspec> {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return parsed;
  const diagnostics: Diagnostic[] = [];
  checkKeys(parsed.root, [], diagnostics);
  const reader = new FieldReader(diagnostics);
  checkVersion(parsed.root, reader);
  const value = toBuildspec(parsed.root, reader);
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, diagnostics };
  return { ok: true, value, warnings: [...parsed.warnings, ...diagnostics] };
}

/** Complains about keys that the reference does not have, that cannot be had here, and notes those without meaning. */
function checkKeys(node: Node, path: readonly string[], diagnostics: Diagnostic[]): void {
  if (node.kind !== "map") return;
  for (const entry of node.entries) {
    const at = [...path, entry.key];
    const key = findKey(at);
    if (key?.verdict === "supported") checkKeys(entry.value, at, diagnostics);
    else diagnostics.push(key === undefined ? unknownKey(entry, path) : withoutMeaning(entry, at, key.verdict, key.why ?? ""));
  }
}

function unknownKey(entry: MapEntry, path: readonly string[]): Diagnostic {
  const known = keysUnder(path);
  const nearest = nearestName(entry.key, known);
  return {
    severity: "error",
    code: "unknown-field",
    message: `A buildspec has no \`${entry.key}\` ${path.length === 0 ? "at its top" : `under \`${path.join(".")}\``}; it has ${listNames(known)}.`,
    path: [...path, entry.key].join("."),
    at: rangeOf(entry.keyPlace),
    ...(nearest === undefined ? {} : { hint: `Did you mean \`${nearest}\`?` }),
  };
}

const withoutMeaning = (entry: MapEntry, path: readonly string[], verdict: "noticed" | "refused", why: string): Diagnostic => ({
  severity: verdict === "refused" ? "error" : "warning",
  code: verdict === "refused" ? "not-on-docker" : "no-meaning-on-docker",
  message: `\`${path.join(".")}\` ${verdict === "refused" ? "cannot be had" : "has no meaning"} on a Docker engine: ${why}.`,
  path: path.join("."),
  at: rangeOf(entry.keyPlace),
});

function checkVersion(root: Node, reader: FieldReader): void {
  const version = valueOf(root, "version");
  const text = reader.text(root, ["version"]);
  if (version === undefined) {
    reader.complain("missing-field", root.place, "A buildspec needs `version: 0.2`.", "version");
  } else if (text !== undefined && text !== "0.2") {
    const why = text === "0.1" ? "version 0.1 runs every command in a shell of its own and is no longer read" : "only version 0.2 is known";
    reader.complain("invalid-value", version.place, `\`version\` is ${text}: ${why}. Write \`version: 0.2\`.`, "version");
  }
}

function toBuildspec(root: Node, reader: FieldReader): Buildspec {
  const shell = readShell(root, reader);
  const runAs = reader.text(root, ["run-as"]);
  const cache = readCache(root, reader);
  return {
    ...(shell === undefined ? {} : { shell }),
    ...(runAs === undefined ? {} : { runAs }),
    variables: reader.texts(root, ["env", "variables"]),
    secrets: [
      ...Object.entries(reader.texts(root, ["env", "parameter-store"])).map(([variable, reference]) => ({
        variable,
        store: "parameter-store" as const,
        reference,
      })),
      ...Object.entries(reader.texts(root, ["env", "secrets-manager"])).map(([variable, value]) => ({
        variable,
        ...secretsManager(value),
      })),
    ],
    exportedVariables: reader.list(root, ["env", "exported-variables"]),
    gitCredentialHelper: reader.flag(root, ["env", "git-credential-helper"]) ?? false,
    phases: phaseNames.flatMap((name) => readPhase(root, name, reader)),
    artifacts: readArtifacts(root, reader),
    reports: reader.names(root, ["reports"]).map((name) => readReport(root, name, reader)),
    ...(cache === undefined ? {} : { cache }),
  };
}

function readShell(root: Node, reader: FieldReader): string | undefined {
  const shell = reader.text(root, ["env", "shell"]);
  if (shell === undefined || /(?:^|\/)(?:sh|bash)$/.test(shell)) return shell;
  const place: Place = valueOf(valueOf(root, "env"), "shell")?.place ?? root.place;
  const why = /powershell|pwsh|cmd/.test(shell) ? "it needs a Windows build" : "a Linux build has `bash` and `sh`";
  reader.complain("not-on-docker", place, `\`env.shell\` is ${shell}: ${why}.`, "env.shell");
  return undefined;
}

/** Splits `id:json-key:version-stage:version-id`, where an ARN is an id that has colons itself. */
function secretsManager(value: string): { readonly store: "secrets-manager"; readonly reference: string; readonly jsonKey?: string } {
  const parts = value.split(":");
  const idParts = value.startsWith("arn:") ? 7 : 1;
  const jsonKey = parts[idParts];
  return {
    store: "secrets-manager",
    reference: parts.slice(0, idParts).join(":"),
    ...(jsonKey === undefined || jsonKey === "" ? {} : { jsonKey }),
  };
}

function readPhase(root: Node, name: Phase["name"], reader: FieldReader): readonly Phase[] {
  const phase = valueOf(valueOf(root, "phases"), name);
  if (phase === undefined || isNull(phase)) return [];
  const path = ["phases", name];
  const runAs = reader.text(root, [...path, "run-as"]);
  return [
    {
      name,
      ...(runAs === undefined ? {} : { runAs }),
      onFailure: readOnFailure(root, [...path, "on-failure"], reader),
      commands: reader.list(root, [...path, "commands"]),
      finally: reader.list(root, [...path, "finally"]),
    },
  ];
}

function readOnFailure(root: Node, path: readonly string[], reader: FieldReader): OnFailure {
  const text = reader.text(root, path);
  if (text === undefined || text === "ABORT") return { kind: "abort" };
  if (text === "CONTINUE") return { kind: "continue" };
  const retry = /^RETRY(?:-(?<count>[0-9]+))?(?:-(?<regex>.+))?$/.exec(text);
  if (retry !== null) {
    const matching = retry.groups?.["regex"];
    return {
      kind: "retry",
      attempts: Math.min(Number(retry.groups?.["count"] ?? 3), 100),
      ...(matching === undefined ? {} : { matching }),
    };
  }
  reader.complainAt(
    "invalid-value",
    root,
    path,
    `\`${path.join(".")}\` is ${text}; it is ABORT, CONTINUE or RETRY, RETRY-count, RETRY-regex, RETRY-count-regex.`,
  );
  return { kind: "abort" };
}

function readFileSet(root: Node, path: readonly string[], reader: FieldReader): FileSet {
  const baseDirectory = reader.text(root, [...path, "base-directory"]);
  return {
    files: reader.list(root, [...path, "files"]),
    excludePaths: reader.list(root, [...path, "exclude-paths"]),
    ...(baseDirectory === undefined ? {} : { baseDirectory }),
    discardPaths: reader.flag(root, [...path, "discard-paths"]) ?? false,
  };
}

function readArtifacts(root: Node, reader: FieldReader): readonly ArtifactSet[] {
  const read = (path: readonly string[], name: string): ArtifactSet => ({
    name,
    ...readFileSet(root, path, reader),
    enableSymlinks: reader.flag(root, [...path, "enable-symlinks"]) ?? false,
  });
  const main = valueOf(root, "artifacts") === undefined ? [] : [read(["artifacts"], "")];
  const secondary = reader.names(root, ["artifacts", "secondary-artifacts"]);
  const all = [...main, ...secondary.map((name) => read(["artifacts", "secondary-artifacts", name], name))];
  return all.filter(({ files }) => files.length > 0);
}

function readReport(root: Node, name: string, reader: FieldReader): ReportSet {
  const path = ["reports", name];
  return { name, ...readFileSet(root, path, reader), format: reader.text(root, [...path, "file-format"]) ?? "JUNITXML" };
}

function readCache(root: Node, reader: FieldReader): CacheSet | undefined {
  const paths = reader.list(root, ["cache", "paths"]);
  if (paths.length === 0) return undefined;
  const action = reader.text(root, ["cache", "action"]);
  if (action !== undefined && action !== "restore" && action !== "save") {
    reader.complainAt(
      "invalid-value",
      root,
      ["cache", "action"],
      `\`cache.action\` is ${action}; it is restore or save, or left out for both.`,
    );
  }
  return {
    paths,
    key: reader.text(root, ["cache", "key"]) ?? "default",
    fallbackKeys: reader.list(root, ["cache", "fallback-keys"]),
    restore: action !== "save",
    save: action !== "restore",
  };
}
