import { basename, dirname, join, relative, sep } from "node:path";

import type { Checked, Diagnostic } from "../model/diagnostic.ts";
import { resolveEnvironment } from "../manifest/environment/load.ts";
import { parseYaml } from "../manifest/parse.ts";
import type { Parsed } from "../manifest/parse.ts";
import { rangeOf } from "../manifest/source.ts";
import { renderTree } from "../manifest/render-tree.ts";
import { placeOf, valueOf } from "../manifest/tree.ts";
import type { Node } from "../manifest/tree.ts";
import { loadPipeline } from "../pipelines/manifest.ts";
import { resolveParsedWorkload } from "../workloads/load.ts";
import type { CheckedParts } from "../workloads/load.ts";
import { gatherFindings } from "./validate-findings.ts";
import { findClaimConflicts, placedClaims, type PlacedClaim } from "./claim-conflicts.ts";
import { findManifests } from "./validate-files.ts";
import type { ManifestReader } from "./validate-files.ts";

/** What is checked. */
export interface ValidateInput {
  /** The folder that paths in complaints are relative to. */
  readonly root: string;
  /** A manifest or a folder, absolute; the root unless given. */
  readonly path?: string;
  /** What manifests call COPILOT_APPLICATION_NAME. */
  readonly application: string;
  /** Checks what manifests mean in this environment only. */
  readonly environment?: string;
  /** Unknown fields are warnings. */
  readonly lenient?: boolean;
  /** The process environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A manifest as it is for one environment, after variables and overrides. */
export interface ResolvedManifest {
  readonly file: string;
  readonly environment: string;
  /** Written when it is asked for. */
  readonly text: string;
}

/** What validating found. Nothing was refused where no diagnostic is an error. */
export interface Validation {
  /** Manifests that were read, relative to the root. */
  readonly files: readonly string[];
  /** By file, then in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly resolved: readonly ResolvedManifest[];
  readonly accepted: boolean;
}

/** What a manifest without any environment is checked as. */
const someEnvironment = "test";

/** Checks manifests without touching anything: no target, network or credentials. */
export async function validate(input: ValidateInput, reader: ManifestReader): Promise<Validation> {
  const paths = await findManifests(input.path ?? input.root, reader);
  const names = paths.map((path) => relative(input.root, path).split(sep).join("/"));
  const texts = await Promise.all(paths.map((path) => reader.readText(path)));
  const environments = [...new Set(paths.flatMap(environmentOfPath))];
  const diagnostics: Diagnostic[] = [];
  const resolved: ResolvedManifest[] = [];
  const claims: PlacedClaim[] = [];
  for (const [index, path] of paths.entries()) {
    const result = validateFile({ ...input, path, file: names[index] ?? path, text: texts[index] ?? "", environments }, reader);
    diagnostics.push(...result.diagnostics);
    resolved.push(...result.resolved);
    claims.push(...(result.claims ?? []));
  }
  diagnostics.push(...conflictsOf(claims));
  return { files: names, diagnostics, resolved, accepted: !diagnostics.some(({ severity }) => severity === "error") };
}

interface FileInput extends ValidateInput {
  readonly path: string;
  /** As complaints name it. */
  readonly file: string;
  readonly text: string;
  /** Environments of the workspace. */
  readonly environments: readonly string[];
}

interface FileResult extends Pick<Validation, "diagnostics" | "resolved"> {
  /** Of a workload. */
  readonly claims?: readonly PlacedClaim[];
}

/** Warnings only: on AWS one of the two wins by its priority, and some workspaces never deploy both to one environment. */
function conflictsOf(claims: readonly PlacedClaim[]): readonly Diagnostic[] {
  const conflicts = findClaimConflicts(claims, "warning");
  const environments = [...new Set(claims.map(({ environment }) => environment))];
  return gatherFindings(
    environments.map((environment) => ({
      environment,
      diagnostics: conflicts.filter((conflict) => conflict.environment === environment).map(({ diagnostic }) => diagnostic),
    })),
  );
}

function validateFile(input: FileInput, reader: ManifestReader): FileResult {
  const parsed = parseYaml(input.file, input.text);
  if (!parsed.ok) return { diagnostics: parsed.diagnostics, resolved: [] };
  const kind = kindOf(input.path, parsed.root);
  if (kind === "environment") return validateEnvironment(input, parsed.root);
  if (kind === "workload") return validateWorkload(input, parsed, reader);
  const { lenient = false } = input;
  return { diagnostics: complaintsOf(loadPipeline(input.file, input.text, { lenient })), resolved: [] };
}

/** What kind of manifest a file is: by where it is, else by what it says. */
function kindOf(path: string, root: Node): "environment" | "pipeline" | "workload" {
  const folder = basename(dirname(dirname(path)));
  const type = valueOf(root, "type");
  if (type?.kind === "scalar") return type.text === "Environment" ? "environment" : "workload";
  if (folder === "environments") return "environment";
  const isPipeline = folder === "pipelines" || basename(path) === "pipeline.yml" || valueOf(root, "stages") !== undefined;
  return isPipeline ? "pipeline" : "workload";
}

function validateEnvironment(input: FileInput, root: Node): FileResult {
  const named = valueOf(root, "name");
  const environment = environmentOfPath(input.path)[0] ?? (named?.kind === "scalar" ? named.text : someEnvironment);
  if (input.environment !== undefined && input.environment !== environment) return { diagnostics: [], resolved: [] };
  const { file, text, application, variables, lenient = false } = input;
  const result = resolveEnvironment({ file, text, application, environment, variables, lenient });
  const resolved = result.ok ? [resolvedManifest({ file, environment }, result.value.resolved)] : [];
  return { diagnostics: [...complaintsOf(result), ...folderMismatch(input.path, root)], resolved };
}

function validateWorkload(input: FileInput, parsed: Extract<Parsed, { ok: true }>, reader: ManifestReader): FileResult {
  const { file, text, application, variables, lenient = false } = input;
  const overridden = valueOf(parsed.root, "environments");
  const named = overridden?.kind === "map" ? overridden.entries.map((entry) => entry.key) : [];
  const all = [...new Set([...input.environments, ...named])];
  const environments = input.environment !== undefined ? [input.environment] : all.length > 0 ? all : [someEnvironment];
  const readText = (path: string): string | undefined => reader.readTextNow(join(input.root, path));
  const parts: CheckedParts = new Map();
  const results = environments.map((environment) => ({
    environment,
    result: resolveParsedWorkload(parsed, { file, text, application, environment, variables, lenient, readText }, parts),
  }));
  return {
    diagnostics: [
      ...gatherFindings(results.map(({ environment, result }) => ({ environment, diagnostics: complaintsOf(result) }))),
      ...folderMismatch(input.path, parsed.root),
    ],
    resolved: results.flatMap(({ environment, result }) =>
      result.ok ? [resolvedManifest({ file, environment }, result.value.resolved)] : [],
    ),
    claims: results.flatMap(({ result }) => (result.ok ? placedClaims(result.value) : [])),
  };
}

function resolvedManifest(of: Pick<ResolvedManifest, "file" | "environment">, tree: Node): ResolvedManifest {
  return {
    ...of,
    get text() {
      return renderTree(tree);
    },
  };
}

const complaintsOf = (result: Checked<unknown>): readonly Diagnostic[] => (result.ok ? result.warnings : result.diagnostics);

/** The environment that a path under `environments/` is the manifest of. */
function environmentOfPath(path: string): readonly string[] {
  return basename(dirname(dirname(path))) === "environments" ? [basename(dirname(path))] : [];
}

/** A manifest under `copilot/` has the name of its folder. */
function folderMismatch(path: string, root: Node): readonly Diagnostic[] {
  const folder = basename(dirname(path));
  const above = basename(dirname(dirname(path)));
  const name = valueOf(root, "name");
  if (basename(path) !== "manifest.yml" || (above !== "copilot" && above !== "environments")) return [];
  if (name?.kind !== "scalar" || name.text === folder || name.text.includes("${")) return [];
  return [
    {
      severity: "error",
      code: "name-mismatch",
      message: `The folder is called \`${folder}\` and the manifest \`${name.text}\`: both names have to be the same.`,
      path: "name",
      at: rangeOf(placeOf(root, ["name"])),
    },
  ];
}
