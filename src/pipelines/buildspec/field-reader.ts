import { readBoolean } from "../../manifest/scalar.ts";
import { rangeOf, type Place } from "../../manifest/source.ts";
import { isNull, placeOf, valueOf, type Node } from "../../manifest/tree.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";

/** Reads typed values out of a YAML tree and notes what is of the wrong kind. */
export class FieldReader {
  readonly #diagnostics: Diagnostic[];

  constructor(diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics;
  }

  complain(code: string, place: Place, message: string, path: string): void {
    this.#diagnostics.push({ severity: "error", code, message, path, at: rangeOf(place) });
  }

  complainAt(code: string, root: Node, path: readonly string[], message: string): void {
    this.complain(code, placeOf(root, path), message, path.join("."));
  }

  /** A scalar as its written text. */
  text(root: Node, path: readonly string[]): string | undefined {
    const node = nodeAt(root, path);
    if (node === undefined || isNull(node)) return undefined;
    if (node.kind === "scalar") return node.text;
    this.complainAt("wrong-kind", root, path, `\`${path.join(".")}\` is a ${node.kind}; it must be a text.`);
    return undefined;
  }

  /** `yes`, `no`, `true` or `false`. */
  flag(root: Node, path: readonly string[]): boolean | undefined {
    const node = nodeAt(root, path);
    if (node === undefined || isNull(node)) return undefined;
    const value = node.kind === "scalar" ? readBoolean({ ...node, style: "plain" }) : undefined;
    if (value === undefined) this.complainAt("wrong-kind", root, path, `\`${path.join(".")}\` must be yes or no.`);
    return value;
  }

  /** A list of texts; one text alone counts as a list of it. */
  list(root: Node, path: readonly string[]): readonly string[] {
    const node = nodeAt(root, path);
    if (node === undefined || isNull(node)) return [];
    if (node.kind === "scalar") return [node.text];
    if (node.kind === "map") {
      this.complainAt("wrong-kind", root, path, `\`${path.join(".")}\` is a map; it must be a list.`);
      return [];
    }
    return node.items.flatMap((item, index) => {
      if (item.kind === "scalar") return [item.text];
      const name = `${path.join(".")}[${index}]`;
      const hint = item.kind === "map" ? " A text with a colon and a space must be in quotes." : "";
      this.complain("wrong-kind", item.place, `\`${name}\` is a ${item.kind}; it must be a text.${hint}`, name);
      return [];
    });
  }

  /** The keys of a map. */
  names(root: Node, path: readonly string[]): readonly string[] {
    const node = nodeAt(root, path);
    if (node === undefined || isNull(node)) return [];
    if (node.kind === "map") return node.entries.map(({ key }) => key);
    this.complainAt("wrong-kind", root, path, `\`${path.join(".")}\` is a ${node.kind}; it must be a map.`);
    return [];
  }

  /** A map of texts. */
  texts(root: Node, path: readonly string[]): Readonly<Record<string, string>> {
    const entries = this.names(root, path).map((name) => [name, this.text(root, [...path, name])] as const);
    return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
  }
}

const nodeAt = (root: Node, path: readonly string[]): Node | undefined =>
  path.reduce<Node | undefined>((node, key) => valueOf(node, key), root);
