import type { JsonSchema } from "./json-schema.ts";

/** Smaller pieces are not worth a name. */
const smallest = 160;

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * `document` with every larger piece that it repeats moved to `$defs`, under the name of the first field that has it. What it accepts stays the
 * same; it is a fraction of the size.
 */
export function shareDefinitions(document: JsonSchema): JsonSchema {
  const uses = new Map<string, number>();
  countUses(document, uses);
  const sharing = new Sharing(uses);
  const { $defs, ...body } = document;
  return { ...sharing.inside(body, "manifest"), $defs: { ...(isSchema($defs) ? $defs : {}), ...sharing.definitions } };
}

function countUses(value: unknown, uses: Map<string, number>): void {
  if (Array.isArray(value)) for (const item of value) countUses(item, uses);
  else if (isSchema(value)) {
    const text = JSON.stringify(value);
    if (value["type"] !== undefined && text.length >= smallest) {
      uses.set(text, (uses.get(text) ?? 0) + 1);
      // What is inside a piece that is counted already will be shared with it.
      if ((uses.get(text) ?? 0) > 1) return;
    }
    for (const item of Object.values(value)) countUses(item, uses);
  }
}

class Sharing {
  readonly definitions: Record<string, unknown> = {};
  readonly #uses: ReadonlyMap<string, number>;
  readonly #names = new Map<string, string>();

  constructor(uses: ReadonlyMap<string, number>) {
    this.#uses = uses;
  }

  /** `value` with references for what is shared; `field` is the name of the nearest property above. */
  visit(value: unknown, field: string): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.visit(item, field));
    if (!isSchema(value)) return value;
    const text = JSON.stringify(value);
    if ((this.#uses.get(text) ?? 0) < 2 || value["type"] === undefined) return this.inside(value, field);
    const known = this.#names.get(text);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    const name = this.#freeName(field);
    this.#names.set(text, name);
    this.definitions[name] = {};
    this.definitions[name] = this.inside(value, field);
    return { $ref: `#/$defs/${name}` };
  }

  /** As {@link visit}, for a piece that itself stays where it is. */
  inside(value: JsonSchema, field: string): JsonSchema {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === "properties" && isSchema(item)
          ? Object.fromEntries(Object.entries(item).map(([name, property]) => [name, this.visit(property, name)]))
          : this.visit(item, field),
      ]),
    );
  }

  #freeName(field: string): string {
    const taken = new Set([...this.#names.values(), "text", "flag", "duration", "nothing", "listInVariable"]);
    if (!taken.has(field)) return field;
    for (let number = 2; ; number += 1) if (!taken.has(`${field}${number}`)) return `${field}${number}`;
  }
}
