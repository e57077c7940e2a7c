import type { Diagnostic } from "../model/diagnostic.ts";
import { rangeOf } from "./source.ts";
import { formatPath, placeOf, variablesIn } from "./tree.ts";
import type { Node, TreePath } from "./tree.ts";

/** What a rule has to say about a manifest; places are found from paths. */
export interface Findings {
  readonly error: (path: TreePath, message: string, hint?: string) => void;
  readonly warning: (path: TreePath, message: string, hint?: string) => void;
}

/** A check of several fields together, or of what a field's own definition cannot say. */
export type Rule<T> = (manifest: T, findings: Findings) => void;

/** Collects findings about `root` under one code. What lies in or around a value that could not be read is passed over: it would only repeat that. */
export function findingsFor(root: Node, unread: readonly Diagnostic[], report: (diagnostic: Diagnostic) => void): Findings {
  const broken = unread.filter((diagnostic) => diagnostic.severity === "error").flatMap(brokenPaths);
  const add = (severity: Diagnostic["severity"], path: TreePath, text: { readonly message: string; readonly hint?: string }): void => {
    const formatted = formatPath(path);
    if (broken.some((other) => overlaps(other, formatted))) return;
    const place = placeOf(root, path);
    const variables = variablesAt(root, path);
    const origin = variables.length === 0 ? "" : ` The value comes from ${variables.map((name) => `\${${name}}`).join(" and ")}.`;
    report({
      severity,
      code: severity === "error" ? "invalid-manifest" : "doubtful",
      message: `${text.message}${origin}`,
      ...(formatted === "" ? {} : { path: formatted }),
      at: rangeOf(place),
      ...(text.hint === undefined ? {} : { hint: text.hint }),
    });
  };
  return {
    error: (path, message, hint) => add("error", path, { message, ...(hint === undefined ? {} : { hint }) }),
    warning: (path, message, hint) => add("warning", path, { message, ...(hint === undefined ? {} : { hint }) }),
  };
}

/** What could not be read for a complaint: the value itself, and what a misspelt field was meant to be. */
function brokenPaths({ path = "", suggestion }: Diagnostic): readonly string[] {
  return suggestion === undefined ? [path] : [path, path.replace(/[^.]*$/, suggestion)];
}

function variablesAt(root: Node, path: TreePath): readonly string[] {
  let node: Node | undefined = root;
  for (const part of path) {
    if (node?.kind === "list" && typeof part === "number") node = node.items[part];
    else if (node?.kind === "map") node = node.entries.find((entry) => entry.key === part)?.value;
    else return [];
  }
  return node?.kind === "scalar" ? variablesIn(node) : [];
}

const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
const overlaps = (left: string, right: string): boolean => left !== "" && right !== "" && (within(left, right) || within(right, left));
