import { isMap, isSeq, type YAMLMap } from "yaml";
import type { Checked, Diagnostic, SourceRange } from "../model/diagnostic.ts";
import type { Json } from "../targets/aws/cloudformation/json.ts";
import {
  isEmptyNode,
  plainDataOf,
  rangeOf,
  readTemplateSource,
  scalarText,
  type TemplateSource,
} from "../targets/aws/cloudformation/template-source.ts";

/** Where a patch stands, for complaints about it. */
interface PatchPlace {
  /** As written: a JSON pointer (RFC 6901). */
  readonly path: string;
  /** The unescaped steps of the path. */
  readonly steps: readonly string[];
  readonly at: SourceRange;
}

/** One edit of a template (RFC 6902); `move`, `copy` and `test` do not exist here, as in the original. */
export type Patch = PatchPlace & ({ readonly op: "add" | "replace"; readonly value: Json } | { readonly op: "remove" });

const OPERATIONS = ["add", "remove", "replace"] as const;

/** Reads a file of patches; an empty file has none. Every patch that cannot be understood is reported. */
export function readPatches(file: string, text: string): Checked<readonly Patch[]> {
  const source = readTemplateSource(file, text, "data");
  if (!source.ok) return source;
  const { root } = source.value;
  if (isEmptyNode(root)) return { ok: true, value: [], warnings: [] };
  if (!isSeq(root)) {
    const message = "a file of patches is a list of `op`, `path` and `value`";
    return { ok: false, diagnostics: [{ severity: "error", code: "patches-not-a-list", message, at: rangeOf(source.value, root) }] };
  }
  const read = root.items.map((item, index) => readPatch(source.value, item, index));
  const diagnostics = read.flatMap((result) => (result.ok ? [] : result.diagnostics));
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, value: read.flatMap((result) => (result.ok ? [result.value] : [])), warnings: [] };
}

function readPatch(source: TemplateSource, item: unknown, index: number): Checked<Patch> {
  const complain = (code: string, message: string, node: unknown, hint?: string): Checked<Patch> => {
    const diagnostic: Diagnostic = { severity: "error", code, message, path: `[${index}]`, at: rangeOf(source, node) };
    return { ok: false, diagnostics: [hint === undefined ? diagnostic : { ...diagnostic, hint }] };
  };
  if (!isMap(item)) return complain("patch-not-a-map", `patch ${index} is not a map with \`op\` and \`path\``, item);

  const written = scalarText(item.get("op", true));
  const op = OPERATIONS.find((name) => name === written);
  if (op === undefined) {
    const found = written === undefined ? "no operation" : `the operation \`${written}\``;
    return complain(
      "patch-operation",
      `patch ${index} has ${found}: known are \`add\`, \`remove\` and \`replace\``,
      item.get("op", true) ?? item,
    );
  }
  const place = readPlace(source, item);
  if (place === undefined) {
    const hint = "write the way to the value from the top of the template, e.g. `/Resources/TaskRole`; `~1` stands for a slash in a key";
    return complain("patch-path", `the \`path\` of patch ${index} does not begin with a slash`, item.get("path", true) ?? item, hint);
  }
  if (op === "remove") return { ok: true, value: { ...place, op }, warnings: [] };
  if (!item.has("value")) return complain("patch-value", `patch ${index} (\`${op}\`) has no \`value\``, item);
  return { ok: true, value: { ...place, op, value: plainDataOf(source, item.get("value", true)) }, warnings: [] };
}

function readPlace(source: TemplateSource, item: YAMLMap): PatchPlace | undefined {
  const node = item.get("path", true);
  const path = scalarText(node);
  if (path === undefined || !/^(?:\/.*)?$/s.test(path)) return undefined;
  const steps = path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return { path, steps, at: rangeOf(source, node) };
}
