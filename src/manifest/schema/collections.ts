import { isNull } from "../tree.ts";
import type { Node } from "../tree.ts";
import { complainOfType } from "./schema.ts";
import type { Schema, Shape } from "./schema.ts";

/** A list whose items are all alike. */
export function list<T>(item: Schema<T>): Schema<readonly T[]> {
  return {
    shape: { kind: "list", item: item.shape },
    decode: (node, context) => {
      if (node.kind !== "list") {
        complainOfType(node, context, "a list");
        return undefined;
      }
      // An item that says nothing was always left out.
      const items = [...node.items.entries()].filter(([, entry]) => !isNull(entry));
      const values = items.map(([index, entry]) => item.decode(entry, { ...context, path: [...context.path, index] }));
      const decoded = values.filter((value) => value !== undefined);
      return decoded.length === values.length || context.partial || context.lenient ? decoded : undefined;
    },
  };
}

/** How a dictionary is written and overridden. */
export interface DictionaryOptions<T> {
  /** Entries of an override are merged into those of the same key; else they replace them. */
  readonly deep?: boolean;
  /** What the keys are, e.g. `container`. */
  readonly keyNoun?: string;
  /** What a key without a value stands for; without this, for an empty value of its kind. */
  readonly empty?: T;
}

/** A value that says nothing counts as an empty one of its kind. */
function emptyForNull(node: Node, shape: Shape): Node {
  if (!isNull(node) || shape.kind === "anything") return node;
  return shape.kind === "record" ? { kind: "map", entries: [], place: node.place } : { ...node, kind: "scalar", text: "", style: "quoted" };
}

/** A map with free keys. */
export function dictionary<T>(value: Schema<T>, options: DictionaryOptions<T> = {}): Schema<Readonly<Record<string, T>>> {
  return {
    shape: { kind: "dictionary", value: value.shape, deep: options.deep === true, keyNoun: options.keyNoun ?? "name" },
    decode: (node, context) => {
      if (node.kind !== "map") {
        complainOfType(node, context, "a map");
        return undefined;
      }
      const decoded: Record<string, T> = {};
      for (const entry of node.entries) {
        const given = emptyForNull(entry.value, value.shape);
        const item =
          isNull(entry.value) && options.empty !== undefined
            ? options.empty
            : value.decode(given, { ...context, path: [...context.path, entry.key] });
        if (item !== undefined) Object.defineProperty(decoded, entry.key, { value: item, enumerable: true });
      }
      return decoded;
    },
  };
}
