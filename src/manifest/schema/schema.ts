import type { Diagnostic } from "../../model/diagnostic.ts";
import { rangeOf } from "../source.ts";
import { formatPath, variablesIn } from "../tree.ts";
import type { Node, TreePath } from "../tree.ts";

/** What a field means where Docker runs the workload: something, or nothing but a notice. */
export type DockerMeaning = "meaning" | "notice";

/** A field of a record, as data: what merging, JSON Schema, documentation and suggestions read. */
export interface FieldShape {
  readonly shape: Shape;
  /** What the field says, in a sentence. */
  readonly description: string;
  readonly required: boolean;
  /** The value that counts where the field is not given. */
  readonly default?: string | number | boolean;
  /** What counts where the field is not given, in words, where no one value does. */
  readonly defaultNote?: string;
  readonly docker: DockerMeaning;
  /** The spelling to use instead. */
  readonly deprecatedFor?: string;
}

/** When one field of a record is given by an override, others of what it overrides are dropped. */
export interface Replacement {
  readonly giving: readonly string[];
  readonly clears: readonly string[];
}

/** What a value may look like, as data. */
export type Shape =
  | {
      readonly kind: "text";
      /** What kind of text, e.g. `a CIDR block`. */
      readonly noun: string;
      readonly pattern?: string;
      readonly choices?: readonly string[];
      readonly ignoreCase?: boolean;
      readonly minLength?: number;
      /** An empty text in an override changes nothing. */
      readonly emptyIsUnset?: boolean;
      readonly examples?: readonly string[];
    }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "number" }
  | { readonly kind: "boolean" }
  | { readonly kind: "duration" }
  | { readonly kind: "anything" }
  | { readonly kind: "list"; readonly item: Shape }
  /** `deep`: entries of an override are merged into those of the same key, else they replace them. */
  | { readonly kind: "dictionary"; readonly value: Shape; readonly deep: boolean; readonly keyNoun: string }
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, FieldShape>>; readonly replacements: readonly Replacement[] }
  | { readonly kind: "either"; readonly branches: readonly Shape[] };

/** What decoding a file is done with. */
export interface DecodeContext {
  readonly path: TreePath;
  /** Collects what is wrong. */
  readonly report: (diagnostic: Diagnostic) => void;
  /** An override or a base: what is required may stand elsewhere. */
  readonly partial: boolean;
  /** Live workspaces have mistakes that were never told; as warnings they do not stop. */
  readonly lenient: boolean;
  /** Takes addresses, ARNs and the like as they stand, for manifests that hold stand-ins for them. */
  readonly trusting?: boolean;
  /** Inside the map form of a field with several forms, where a value of the wrong type used to be dropped without a word. */
  readonly inComposite: boolean;
}

/** A checked reading of YAML: a typed value, or diagnostics. */
export interface Schema<T> {
  readonly shape: Shape;
  /** `undefined` means that it was reported; nodes that say nothing are not given to it. */
  readonly decode: (node: Node, context: DecodeContext) => T | undefined;
}

/** The value that a schema reads. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** Reports one complaint about `node`, with the variable that gave the bad value. */
export function complain(
  node: Node,
  context: DecodeContext,
  complaint: { readonly code: string; readonly message: string; readonly hint?: string },
): void {
  const variables = variablesIn(node);
  const origin = variables.length === 0 ? "" : ` The value comes from ${variables.map((name) => `\${${name}}`).join(" and ")}.`;
  const path = formatPath(context.path);
  context.report({
    severity: "error",
    code: complaint.code,
    message: `${complaint.message}${origin}`,
    ...(path === "" ? {} : { path }),
    at: rangeOf(node.place),
    ...(complaint.hint === undefined ? {} : { hint: complaint.hint }),
  });
}

/** As {@link complain}, for a value of the wrong type: such a value was dropped in silence in some places, and lenient reading still drops it. */
export function complainOfType(node: Node, context: DecodeContext, expected: string): void {
  const severity = context.lenient && context.inComposite ? "warning" : "error";
  const report = context.report;
  complain(
    node,
    { ...context, report: (diagnostic) => report({ ...diagnostic, severity }) },
    {
      code: "wrong-type",
      message: `Expected ${expected}, found ${describeNode(node)}.${severity === "warning" ? " It counts as nothing, as it always did." : ""}`,
    },
  );
}

/** What a value of the wrong type counts as: nothing of its kind where it was dropped in silence, which live stacks have; else it is not there. */
export const droppedValue = <T>(context: DecodeContext, nothing: T): T | undefined =>
  context.lenient && context.inComposite ? nothing : undefined;

/** `node` as people call it: `a list`, `the text "abc"`. */
export function describeNode(node: Node): string {
  if (node.kind === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.kind === "map") return node.entries.length === 0 ? "an empty map" : "a map";
  const text = node.text.length > 60 ? `${node.text.slice(0, 57)}…` : node.text;
  if (node.style !== "plain") return `the text ${JSON.stringify(text)}`;
  return text === "" ? "nothing" : `\`${text.replaceAll("\n", " ")}\``;
}
