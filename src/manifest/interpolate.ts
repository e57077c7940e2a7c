import type { Diagnostic } from "../model/diagnostic.ts";
import { rangeOf } from "./source.ts";
import { meaningOf } from "./scalar.ts";
import type { MapEntry, Node, ScalarNode } from "./tree.ts";

/** Where `${NAME}` gets its value. */
export interface Variables {
  /** Given by the product: COPILOT_APPLICATION_NAME and the like. */
  readonly predefined: Readonly<Record<string, string>>;
  /** The process environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A tree with variables filled in; nodes without any are the same objects as before. */
export interface Interpolated {
  readonly root: Node;
  readonly diagnostics: readonly Diagnostic[];
  /** Every scalar that changed, as it was and as it is now. */
  readonly changes: readonly { readonly from: ScalarNode; readonly to: Node }[];
}

const reference = /(\\?)\$\{([_a-zA-Z][_a-zA-Z0-9]*)\}/g;

/** Fills in `${NAME}` in every text value; keys stay as they are, `\${NAME}` becomes `${NAME}`, and a JSON list of texts becomes a list. */
export function interpolate(root: Node, variables: Variables): Interpolated {
  const interpolator = new Interpolator(variables);
  return { root: interpolator.visit(root), diagnostics: interpolator.diagnostics, changes: interpolator.changes };
}

class Interpolator {
  readonly diagnostics: Diagnostic[] = [];
  readonly changes: { readonly from: ScalarNode; readonly to: Node }[] = [];
  readonly #variables: Variables;
  /** Aliased nodes are shared, and are visited once. */
  readonly #seen = new Map<Node, Node>();

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  visit(node: Node): Node {
    const seen = this.#seen.get(node);
    if (seen !== undefined) return seen;
    const result = node.kind === "scalar" ? this.#scalar(node) : node.kind === "map" ? this.#map(node) : this.#list(node);
    this.#seen.set(node, result);
    return result;
  }

  #map(node: Extract<Node, { kind: "map" }>): Node {
    const entries = node.entries.map((entry): MapEntry => {
      const value = this.visit(entry.value);
      return value === entry.value ? entry : { ...entry, value };
    });
    return entries.every((entry, index) => entry === node.entries[index]) ? node : { ...node, entries };
  }

  #list(node: Extract<Node, { kind: "list" }>): Node {
    const items = node.items.map((item) => this.visit(item));
    return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
  }

  #scalar(node: ScalarNode): Node {
    // A value with a tag such as `!Sub` is not Copilot's to fill in.
    if (node.tag !== undefined) return node;
    if (!node.text.includes("${") && !node.text.trimStart().startsWith("[")) return node;
    if (meaningOf(node).kind !== "text") return node;
    const names = new Set<string>();
    const text = node.text.replaceAll(reference, (whole: string, escape: string, name: string) => {
      if (escape !== "") return `\${${name}}`;
      names.add(name);
      return this.#value(name, node) ?? whole;
    });
    const variables = names.size === 0 ? {} : { variables: [...names] };
    const list = node.style === "literal" ? undefined : readJsonTexts(text);
    if (list !== undefined) {
      const items = list.map((item): Node => ({ kind: "scalar", text: item, style: "plain", place: node.place, ...variables }));
      return this.#changed(node, { kind: "list", items, place: node.place });
    }
    if (text === node.text) return node;
    // A variable always gives text: `cpu: ${CPU}` is refused, as it always was.
    return this.#changed(node, { ...node, text, style: node.style === "plain" ? "quoted" : node.style, ...variables });
  }

  #changed(from: ScalarNode, to: Node): Node {
    this.changes.push({ from, to });
    return to;
  }

  #value(name: string, node: ScalarNode): string | undefined {
    const predefined = Object.hasOwn(this.#variables.predefined, name) ? this.#variables.predefined[name] : undefined;
    const given = Object.hasOwn(this.#variables.environment, name) ? this.#variables.environment[name] : undefined;
    if (predefined !== undefined && given !== undefined && given !== predefined) {
      this.#complain(
        node,
        "variable-conflict",
        `The variable ${name} is set by Copilot to "${predefined}" here, and the shell sets it to another value.`,
        {
          hint: `unset ${name}`,
        },
      );
      return predefined;
    }
    if (predefined !== undefined || given !== undefined) return predefined ?? given;
    this.#complain(node, "undefined-variable", `The variable ${name} is not defined.`, {
      hint: `Set ${name} in the shell, or write \\\${${name}} for the text itself.`,
    });
    return undefined;
  }

  #complain(node: ScalarNode, code: string, message: string, { hint }: { readonly hint: string }): void {
    this.diagnostics.push({ severity: "error", code, message, at: rangeOf(node.place), hint });
  }
}

/** The texts of a JSON list such as `["sh", "-c"]`; `undefined` for anything else, and for an empty list. */
function readJsonTexts(text: string): readonly string[] | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith("[") || !trimmed.endsWith("]")) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    if (!Array.isArray(value) || value.length === 0) return undefined;
    const items: readonly unknown[] = value;
    return items.every((item) => typeof item === "string" || item === null)
      ? items.map((item) => (typeof item === "string" ? item : ""))
      : undefined;
  } catch {
    return undefined;
  }
}
