import type { FieldShape, Shape } from "./schema.ts";

/** A field wherever it stands in a manifest. */
export interface FieldPath {
  /** `http.additional_rules[].path`; `<name>` stands for a free key. */
  readonly path: string;
  readonly field: FieldShape;
}

/** Every field of a shape with its path, a record's fields before those of the next. Overrides are not walked: they repeat the rest. */
export function fieldPaths(shape: Shape, prefix = ""): readonly FieldPath[] {
  const found = new Map<string, FieldPath>();
  for (const entry of walk(shape, prefix)) if (!found.has(entry.path)) found.set(entry.path, entry);
  return [...found.values()];
}

function walk(shape: Shape, prefix: string): readonly FieldPath[] {
  switch (shape.kind) {
    case "record":
      return Object.entries(shape.fields).flatMap(([name, field]) => {
        const path = prefix === "" ? name : `${prefix}.${name}`;
        return [{ path, field }, ...(path === "environments" ? [] : walk(field.shape, path))];
      });
    case "list":
      return walk(shape.item, `${prefix}[]`);
    case "dictionary":
      return walk(shape.value, `${prefix}.<${shape.keyNoun}>`);
    case "either":
      return shape.branches.flatMap((branch) => walk(branch, prefix));
    default:
      return [];
  }
}

/** What a shape may look like, in a few words for a table. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return shape.choices === undefined ? "text" : shape.choices.map((choice) => `\`${choice}\``).join(", ");
    case "integer":
      return shape.min < -1 || shape.max > 4_294_967_295 || shape.max === 2_147_483_647
        ? wholeNumber(shape.min)
        : `number ${shape.min}–${shape.max}`;
    case "list":
      return `list of ${plural(describeShape(shape.item))}`;
    case "dictionary":
      return `map of ${shape.keyNoun} → ${describeShape(shape.value)}`;
    case "record":
      return "map";
    case "either":
      return [...new Set(shape.branches.map(describeShape))].join(" or ");
    case "anything":
      return "any YAML";
    default:
      return shape.kind;
  }
}

const wholeNumber = (min: number): string => (min === 0 ? "number from 0" : "number");
const plural = (noun: string): string => (/^(text|map|number|duration)$/.test(noun) ? `${noun}s` : `(${noun})`);
