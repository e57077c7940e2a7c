import { Composer, isAlias, isMap, isScalar, isSeq, Parser } from "yaml";
import type { CST, ParsedNode, YAMLMap } from "yaml";

import type { Diagnostic } from "../model/diagnostic.ts";
import { indentQuotedLines } from "../model/indent-quoted-lines.ts";
import { rangeOf, sourceFile } from "./source.ts";
import type { Place, SourceFile } from "./source.ts";
import type { MapEntry, MapNode, Node, ScalarNode } from "./tree.ts";

/** Bounds that no manifest of a person comes near; beyond them a file is refused instead of read. */
export const parseLimits = { characters: 262_144, depth: 64, nodes: 100_000 } as const;

/** A file as a tree, or why it cannot be one. The tree of an empty file is an empty map. */
export type Parsed =
  | { readonly ok: true; readonly root: Node; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A node with how much it holds once aliases are followed. */
interface Measured {
  readonly node: Node;
  readonly size: number;
  readonly depth: number;
}

class TooLarge extends Error {}

/** Reads YAML into a tree that remembers places. Anchors and merge keys are resolved; size, depth and repetition are bounded. */
export function parseYaml(name: string, text: string): Parsed {
  const refusal = refuseUnreadable(name, text);
  if (refusal !== undefined) return { ok: false, diagnostics: [refusal] };
  // Editors of Windows begin a file with a mark of its byte order, which is no part of the text.
  const source = sourceFile(name, text.replace(/^\uFEFF/, ""));
  if (looksTooDeep(source.text)) return { ok: false, diagnostics: [tooLarge(source, `it nests more than ${parseLimits.depth} levels`)] };
  const tokens = [...new Parser().parse(source.text)];
  if (deeperThan(tokens, parseLimits.depth))
    return { ok: false, diagnostics: [tooLarge(source, `it nests more than ${parseLimits.depth} levels`)] };
  // Keys that repeat are found below: the composer's own search takes quadratic time.
  const documents = [
    ...new Composer({ schema: "failsafe", uniqueKeys: false, logLevel: "silent" }).compose(tokens, true, source.text.length),
  ];
  const first = documents[0];
  if (first === undefined) return { ok: true, root: emptyMap(source), warnings: [] };
  if (first.errors.length > 0) {
    const indented = indentQuotedLines(source.text);
    if (indented !== source.text) return parseYaml(name, indented);
  }
  const errors = first.errors.map((error) => syntaxError({ source, start: error.pos[0], end: error.pos[1] }, error.message));
  const reader = new TreeReader(source);
  try {
    const { node } = first.contents === null ? { node: emptyMap(source) } : reader.read(first.contents);
    const diagnostics = [...errors, ...reader.diagnostics];
    if (diagnostics.length > 0) return { ok: false, diagnostics };
    const second = documents[1];
    return {
      ok: true,
      root: node,
      warnings: second === undefined ? [] : [furtherDocument({ source, start: second.range[0], end: second.range[0] + 3 })],
    };
  } catch (error) {
    if (error instanceof TooLarge) return { ok: false, diagnostics: [tooLarge(source, error.message)] };
    throw error;
  }
}

const emptyMap = (source: SourceFile): Node => ({ kind: "map", entries: [], place: { source, start: 0, end: 1 } });

const syntaxError = (place: Place, message: string): Diagnostic => ({
  severity: "error",
  code: "yaml-syntax",
  message: `This is not valid YAML: ${message.replace(/\.?$/, ".")}`,
  at: rangeOf(place),
});

const tooLarge = (source: SourceFile, why: string): Diagnostic => ({
  severity: "error",
  code: "manifest-too-large",
  message: `This file is too large for a manifest: ${why}.`,
  at: rangeOf({ source, start: 0, end: 1 }),
});

const furtherDocument = (place: Place): Diagnostic => ({
  severity: "warning",
  code: "further-document",
  message: "Only the first YAML document of a manifest is read; what follows `---` is ignored.",
  at: rangeOf(place),
});

/** Control characters that YAML does not allow, and what decoding puts for bytes that are no UTF-8. */
const unreadable = /(?![\t\n\r\u0085])[\p{Cc}\uFFFD]/u;

function refuseUnreadable(name: string, text: string): Diagnostic | undefined {
  if (text.length > parseLimits.characters)
    return tooLarge(
      sourceFile(name, text.slice(0, 80)),
      `it has ${text.length} characters, and a manifest has at most ${parseLimits.characters}`,
    );
  const control = unreadable.exec(text);
  if (control === null) return undefined;
  return {
    severity: "error",
    code: "not-text",
    message: "This is not a text file in UTF-8: it holds a control character or bytes that are no characters.",
    at: rangeOf({
      source: sourceFile(name, text.slice(0, control.index + 80).replaceAll(/(?![\t\n\r])\p{Cc}/gu, "\uFFFD")),
      start: control.index,
      end: control.index + 1,
    }),
  };
}

/**
 * Whether brackets or list marks pile up far beyond what a manifest has. The YAML library takes quadratic time for them, so it must not see
 * them; a text of many lines may hold some, which is why the bound is far from the real one.
 */
function looksTooDeep(text: string): boolean {
  const bound = parseLimits.depth * 16;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "[" || character === "{") open += 1;
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
    if (open > bound) return true;
  }
  return new RegExp(`(?:[-?:][ \\t]+){${parseLimits.depth * 4}}`).test(text);
}

/** Whether the tokens nest deeper than `limit`; walks without recursion, because that is what deep nesting breaks. */
function deeperThan(tokens: readonly CST.Token[], limit: number): boolean {
  const pending: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > limit) return true;
    if (token.type === "document" && token.value !== undefined) pending.push({ token: token.value, depth });
    if ("items" in token)
      for (const item of token.items)
        for (const child of [item.key, item.value])
          if (child !== undefined && child !== null) pending.push({ token: child, depth: depth + 1 });
  }
  return false;
}

/** Turns the nodes of the YAML library into ours. */
class TreeReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #anchors = new Map<string, Measured>();

  constructor(source: SourceFile) {
    this.#source = source;
  }

  read(node: ParsedNode | null): Measured {
    if (node === null) return { node: this.#empty(0), size: 1, depth: 1 };
    if (isAlias(node)) return this.#follow(node.source, this.#place(node.range));
    const measured = isMap(node) ? this.#readMap(node) : isSeq(node) ? this.#readList(node) : this.#readScalar(node);
    if (measured.size > parseLimits.nodes)
      throw new TooLarge(`it holds more than ${parseLimits.nodes} values once its aliases are followed`);
    if (measured.depth > parseLimits.depth)
      throw new TooLarge(`it nests more than ${parseLimits.depth} levels once its aliases are followed`);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, measured);
    return measured;
  }

  #place(range: readonly [number, number, number]): Place {
    return { source: this.#source, start: range[0], end: Math.max(range[1], range[0]) };
  }

  #empty(at: number): ScalarNode {
    return { kind: "scalar", text: "", style: "plain", place: { source: this.#source, start: at, end: at } };
  }

  #complain(code: string, place: Place, message: string): void {
    this.diagnostics.push({ severity: "error", code, message, at: rangeOf(place) });
  }

  #follow(anchor: string, place: Place): Measured {
    const target = this.#anchors.get(anchor);
    if (target !== undefined) return target;
    this.#complain("unknown-anchor", place, `\`*${anchor}\` refers to an anchor that is not defined before it.`);
    return { node: this.#empty(place.start), size: 1, depth: 1 };
  }

  #readScalar(node: Extract<ParsedNode, { source: string }> | ParsedNode): Measured {
    const place = this.#place(node.range);
    if (!isScalar(node)) return { node: this.#empty(place.start), size: 1, depth: 1 };
    const core = node.tag?.startsWith("tag:yaml.org,2002:") === true;
    const style =
      node.type === "PLAIN" ? "plain" : node.type === "BLOCK_LITERAL" ? "literal" : node.type === "BLOCK_FOLDED" ? "folded" : "quoted";
    const text = node.source ?? (typeof node.value === "string" ? node.value : "");
    const scalar: ScalarNode = {
      kind: "scalar",
      text,
      style:
        node.tag === "tag:yaml.org,2002:str" && style === "plain"
          ? "quoted"
          : core && node.tag !== "tag:yaml.org,2002:str"
            ? "plain"
            : style,
      place,
      ...(node.tag !== undefined && !core ? { tag: node.tag } : {}),
    };
    return { node: scalar, size: 1, depth: 1 };
  }

  #readList(node: Extract<ParsedNode, { items: readonly ParsedNode[] }>): Measured {
    const items = node.items.map((item) => this.read(item));
    const list: Node = { kind: "list", items: items.map((item) => item.node), place: this.#place(node.range), ...customTag(node.tag) };
    return { node: list, ...sum(items) };
  }

  #readMap(node: YAMLMap.Parsed): Measured {
    const measured: Measured[] = [];
    const entries = new Map<string, MapEntry>();
    const merged: MapEntry[] = [];
    for (const { key, value } of node.items) {
      const keyPlace = this.#place(key.range);
      if (!isScalar(key)) {
        this.#complain("invalid-key", keyPlace, "A key is a text, not a list or a map.");
        continue;
      }
      const name = key.source ?? "";
      const child = this.read(value);
      measured.push(child);
      if (name === "<<" && key.type === "PLAIN") merged.push(...this.#mergedEntries(child.node));
      else if (entries.has(name))
        this.#complain("duplicate-key", keyPlace, `The key \`${name}\` is already there: a map has each key once.`);
      else entries.set(name, { key: name, keyPlace, value: child.node });
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    const map: MapNode = { kind: "map", entries: [...entries.values()], place: this.#place(node.range), ...customTag(node.tag) };
    return { node: map, ...sum(measured) };
  }

  #mergedEntries(node: Node): readonly MapEntry[] {
    if (node.kind === "map") return node.entries;
    if (node.kind === "list" && node.items.every((item) => item.kind === "map"))
      return node.items.flatMap((item) => this.#mergedEntries(item));
    this.#complain("invalid-merge", node.place, "The merge key `<<` takes a map or a list of maps.");
    return [];
  }
}

const customTag = (tag: string | undefined): { readonly tag?: string } =>
  tag === undefined || tag.startsWith("tag:yaml.org,2002:") ? {} : { tag };

function sum(children: readonly Measured[]): { readonly size: number; readonly depth: number } {
  let size = 1;
  let depth = 0;
  for (const child of children) {
    size += child.size;
    depth = Math.max(depth, child.depth);
  }
  return { size, depth: depth + 1 };
}
