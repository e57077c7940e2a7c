import { accepts } from "./schema/alternatives.ts";
import type { Shape } from "./schema/schema.ts";
import { isNull, withoutKeys } from "./tree.ts";
import type { MapEntry, MapNode, Node } from "./tree.ts";

/**
 * `base` with `over` laid on it, by the rules of `environments:` overrides: scalars and lists are replaced, maps are merged by key, giving one
 * form of a field drops the other form, and what says nothing changes nothing. Nodes keep their places.
 */
export function mergeTrees(shape: Shape, base: Node | undefined, over: Node): Node {
  if (base === undefined || isNull(base)) return over;
  if (isNull(over)) return base;
  switch (shape.kind) {
    case "record":
      return base.kind === "map" && over.kind === "map" ? mergeRecords(shape, base, over) : over;
    case "dictionary":
      return base.kind === "map" && over.kind === "map" ? mergeMaps(base, over, () => (shape.deep ? shape.value : undefined)) : over;
    case "either":
      return mergeForms(shape.branches, base, over);
    case "text":
      return shape.emptyIsUnset === true && over.kind === "scalar" && over.text === "" ? base : over;
    default:
      return over;
  }
}

function mergeRecords(shape: Extract<Shape, { kind: "record" }>, base: MapNode, over: MapNode): Node {
  const given = new Set(over.entries.filter((entry) => !isNull(entry.value)).map((entry) => entry.key));
  const cleared = shape.replacements.filter((rule) => rule.giving.some((key) => given.has(key))).flatMap((rule) => rule.clears);
  return mergeMaps(withoutKeys(base, cleared), over, (key) => (Object.hasOwn(shape.fields, key) ? shape.fields[key]?.shape : undefined));
}

function mergeMaps(base: MapNode, over: MapNode, shapeOf: (key: string) => Shape | undefined): Node {
  const overrides = new Map(over.entries.map((entry) => [entry.key, entry]));
  const kept = base.entries.map((entry): MapEntry => {
    const override = overrides.get(entry.key);
    overrides.delete(entry.key);
    if (override === undefined || isNull(override.value)) return entry;
    const shape = shapeOf(entry.key);
    const value = shape === undefined ? override.value : mergeTrees(shape, entry.value, override.value);
    return { key: entry.key, keyPlace: value === entry.value ? entry.keyPlace : override.keyPlace, value };
  });
  return { ...base, entries: [...kept, ...overrides.values()] };
}

function mergeForms(branches: readonly Shape[], base: Node, over: Node): Node {
  const form = branches.find((branch) => accepts(branch, base) && accepts(branch, over));
  return form === undefined ? over : mergeTrees(form, base, over);
}
