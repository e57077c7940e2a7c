import type { Checked, Diagnostic } from "../model/diagnostic.ts";
import { workloadNameProblem, workloadTypes } from "../model/names.ts";
import type { WorkloadType } from "../model/names.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import { Diagnostics } from "../manifest/diagnostics.ts";
import { applyExtends } from "../manifest/extends.ts";
import { interpolate } from "../manifest/interpolate.ts";
import { mergeTrees } from "../manifest/merge.ts";
import { parseYaml } from "../manifest/parse.ts";
import type { Parsed } from "../manifest/parse.ts";
import { reportUnknownField } from "../manifest/schema/record.ts";
import { listNames, nearestName } from "../manifest/schema/suggestion.ts";
import { rangeOf } from "../manifest/source.ts";
import { storedText } from "../manifest/stored.ts";
import { isNull, valueOf, withoutKeys } from "../manifest/tree.ts";
import type { MapNode, Node, TreePath } from "../manifest/tree.ts";
import type { WorkloadKind } from "./define.ts";
import { workloadKinds } from "./registry.ts";

/** What a workload's manifest is read with. */
export interface LoadWorkloadInput {
  /** Path for diagnostics; `extends` is relative to it. */
  readonly file: string;
  readonly text: string;
  readonly application: string;
  readonly environment: string;
  /** The process environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Unknown fields, and values that were always dropped, are warnings. */
  readonly lenient?: boolean;
  /** Serves `extends`. */
  readonly readText?: (path: string) => string | undefined;
}

/** A manifest's name and type. */
export interface WorkloadIdentity {
  readonly name: string;
  readonly type: WorkloadType;
}

/** A manifest with variables filled in and overrides applied, and what became of it. */
export interface ResolvedWorkload {
  readonly spec: WorkloadSpec;
  /** The manifest for this environment, without `environments`. */
  readonly resolved: Node;
}

/** Reads a manifest for one environment: its spec, or every complaint at once. */
export function loadWorkload(input: LoadWorkloadInput): Checked<WorkloadSpec> {
  const result = resolveWorkload(input);
  return result.ok ? { ...result, value: result.value.spec } : result;
}

/** As {@link loadWorkload}, with the resolved manifest. */
export function resolveWorkload(input: LoadWorkloadInput): Checked<ResolvedWorkload> {
  return resolveParsedWorkload(parseYaml(input.file, input.text), input);
}

/** Complaints about parts of a manifest by their nodes: a part that is the same for several environments is checked once. */
export type CheckedParts = Map<Node, readonly Diagnostic[]>;

/** As {@link resolveWorkload}, for a text that was parsed before, and parts that were checked before, e.g. for another environment. */
export function resolveParsedWorkload(
  parsed: Parsed,
  input: LoadWorkloadInput,
  known: CheckedParts = new Map(),
): Checked<ResolvedWorkload> {
  if (!parsed.ok) return { ok: false, diagnostics: parsed.diagnostics };
  const collected = new Diagnostics();
  parsed.warnings.forEach(collected.report);
  const identity = readIdentity(parsed.root, { lenient: input.lenient === true, report: collected.report });
  if (identity === undefined || parsed.root.kind !== "map") return collected.refused();
  const kind = workloadKinds[identity.type];
  const whole = applyExtends(kind.shape, parsed.root, { readText: input.readText ?? (() => undefined), report: collected.report });
  const { application, environment } = input;
  const filled = interpolate(whole, {
    predefined: { COPILOT_APPLICATION_NAME: application, COPILOT_ENVIRONMENT_NAME: environment },
    environment: input.variables,
  });
  filled.diagnostics.forEach(collected.report);
  if (filled.root.kind !== "map") return collected.refused();
  const resolved = applyEnvironment(kind, filled.root, { ...input, report: collected.report, known });
  const capabilities = kind.resolve(resolved, { name: identity.name, lenient: input.lenient === true, report: collected.report });
  if (capabilities === undefined || collected.failed()) return collected.refused();
  const spec: WorkloadSpec = { application, environment, ...identity, manifest: storedText(parsed.root, filled.changes), ...capabilities };
  return { ok: true, value: { spec, resolved }, warnings: collected.all() };
}

/** Name and type of a manifest, without reading the rest. */
export function readWorkloadIdentity(file: string, text: string): Checked<WorkloadIdentity> {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return { ok: false, diagnostics: parsed.diagnostics };
  const collected = new Diagnostics();
  const value = readIdentity(parsed.root, { lenient: true, report: collected.report });
  return value === undefined || collected.failed() ? collected.refused() : { ok: true, value, warnings: collected.all() };
}

interface Overriding {
  readonly environment: string;
  readonly known: CheckedParts;
  readonly lenient?: boolean;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** The manifest with the overrides of one environment; the parts are checked by themselves too, so that nothing hides behind an override. */
function applyEnvironment(kind: WorkloadKind, root: MapNode, { environment, known, lenient = false, report }: Overriding): Node {
  const base = withoutKeys(root, ["environments"]);
  const environments = valueOf(root, "environments");
  if (environments === undefined) return base;
  if (environments.kind !== "map") {
    const message = "Expected a map of environments, each with the fields to override.";
    report({ severity: "error", code: "wrong-type", message, path: "environments", at: rangeOf(environments.place) });
    return base;
  }
  const check = { kind, known, lenient, report };
  let resolved: Node = base;
  for (const { key, value } of environments.entries) {
    if (isNull(value)) continue;
    checkPart(value, ["environments", key], check);
    if (key === environment && value.kind === "map") resolved = mergeTrees(kind.shape, base, withoutKeys(value, ["name", "type"]));
  }
  // Without an override, the whole is checked as it is.
  if (resolved !== base) checkPart(base, [], check);
  return resolved;
}

interface PartCheck extends Pick<Overriding, "known" | "lenient" | "report"> {
  readonly kind: WorkloadKind;
}

function checkPart(node: Node, path: TreePath, { kind, known, lenient = false, report }: PartCheck): void {
  const before = known.get(node);
  const found: Diagnostic[] = before === undefined ? [] : [...before];
  if (before === undefined) {
    // Whether a value will do was only ever asked of the manifest with the overrides of its environment.
    const collect = (diagnostic: Diagnostic): void => {
      if (!lenient || diagnostic.code !== "invalid-value") found.push(diagnostic);
    };
    const context = { path, partial: true, lenient, inComposite: false, report: collect };
    if (path.length > 0 && node.kind === "map")
      for (const entry of node.entries) if (entry.key === "name" || entry.key === "type") reportUnknownField(entry, context, []);
    kind.checkPart(node, context);
    known.set(node, found);
  }
  found.forEach(report);
}

function readIdentity(root: Node, { lenient, report }: Pick<Overriding, "lenient" | "report">): WorkloadIdentity | undefined {
  if (root.kind !== "map") {
    report({
      severity: "error",
      code: "not-a-manifest",
      message: "This is no manifest: expected a map with `name` and `type`.",
      at: rangeOf(root.place),
    });
    return undefined;
  }
  const type = readType(root, report);
  const name = valueOf(root, "name");
  if (name?.kind !== "scalar") {
    const at = rangeOf(name?.place ?? root.entries[0]?.keyPlace ?? root.place);
    report({
      severity: "error",
      code: "missing-field",
      message: "`name` is missing.",
      path: "name",
      at,
      hint: "Add `name:` with the name of the manifest's folder.",
    });
    return undefined;
  }
  const problem = workloadNameProblem(name.text, type);
  if (problem !== undefined)
    report({
      severity: lenient === true ? "warning" : "error",
      code: "invalid-name",
      message: `\`${name.text}\` cannot name a workload: ${problem}.`,
      path: "name",
      at: rangeOf(name.place),
    });
  return type === undefined ? undefined : { name: name.text, type };
}

function readType(root: MapNode, report: (diagnostic: Diagnostic) => void): WorkloadType | undefined {
  const node = valueOf(root, "type");
  const written = node?.kind === "scalar" ? node.text : undefined;
  const type = workloadTypes.find((candidate) => candidate === written);
  if (type !== undefined) return type;
  const nearest = written === undefined ? undefined : nearestName(written, workloadTypes);
  report({
    severity: "error",
    code: node === undefined ? "missing-field" : "invalid-type",
    message: `${written === undefined ? "`type` is missing" : `There is no workload type \`${written}\``}: expected ${listNames(workloadTypes)}.`,
    path: "type",
    at: rangeOf(node?.place ?? root.entries[0]?.keyPlace ?? root.place),
    ...(nearest === undefined ? {} : { hint: `Did you mean \`${nearest}\`?` }),
  });
  return undefined;
}
