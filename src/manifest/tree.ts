import type { Place } from "./source.ts";

/** How a scalar was written; only plain ones may mean something else than text. */
export type ScalarStyle = "plain" | "quoted" | "literal" | "folded";

/** A scalar as written: what it means is decided by the field that reads it. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly text: string;
  readonly style: ScalarStyle;
  readonly place: Place;
  /** An explicit tag such as `!Ref`, unless it is one of YAML's own. */
  readonly tag?: string;
  /** Names of the variables that gave the value, or a part of it. */
  readonly variables?: readonly string[];
}

/** One key of a map with its value. */
export interface MapEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: Node;
}

/** A mapping, in written order; keys are unique. */
export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly place: Place;
  readonly tag?: string;
}

/** A sequence. */
export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly place: Place;
  readonly tag?: string;
}

/** A piece of a YAML file that remembers where it stands. */
export type Node = ScalarNode | MapNode | ListNode;

const nullTexts: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);

/** Whether `node` says "nothing", which every field reads as not given. */
export const isNull = (node: Node): boolean => node.kind === "scalar" && node.style === "plain" && nullTexts.has(node.text);

/** The entry of `key` in a map; `undefined` where there is none or it says nothing. */
export function entryOf(node: Node | undefined, key: string): MapEntry | undefined {
  if (node?.kind !== "map") return undefined;
  const entry = node.entries.find((candidate) => candidate.key === key);
  return entry === undefined || isNull(entry.value) ? undefined : entry;
}

/** The value under `key`; `undefined` where there is none or it says nothing. */
export const valueOf = (node: Node | undefined, key: string): Node | undefined => entryOf(node, key)?.value;

/** A map without some of its keys. */
export function withoutKeys(node: MapNode, keys: readonly string[]): MapNode {
  return { ...node, entries: node.entries.filter((entry) => !keys.includes(entry.key)) };
}

/** Keys and indexes from the top of a file to a node. */
export type TreePath = readonly (string | number)[];

/** `path` as people write it: `http.additional_rules[0].path`. */
export function formatPath(path: TreePath): string {
  return path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "");
}

/** The place to show for `path`: of the value where it is a scalar, else of its key, else of the nearest thing above that exists. */
export function placeOf(root: Node, path: TreePath): Place {
  let node = root;
  let place: Place = { ...root.place, end: root.place.start + 1 };
  for (const part of path) {
    if (typeof part === "number") {
      const item: Node | undefined = node.kind === "list" ? node.items[part] : undefined;
      if (item === undefined) return place;
      node = item;
      place = item.kind === "map" && item.entries[0] !== undefined ? item.entries[0].keyPlace : item.place;
    } else {
      const entry = entryOf(node, part);
      if (entry === undefined) return place;
      node = entry.value;
      place = node.kind === "scalar" ? node.place : entry.keyPlace;
    }
  }
  return place;
}

/** Names of the variables that gave anything at or under `node`. */
export function variablesIn(node: Node): readonly string[] {
  if (node.kind === "scalar") return node.variables ?? [];
  const children = node.kind === "map" ? node.entries.map((entry) => entry.value) : node.items;
  return [...new Set(children.flatMap(variablesIn))];
}
