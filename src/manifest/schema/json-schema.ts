import { listNames } from "./suggestion.ts";
import { shareDefinitions } from "./share-definitions.ts";
import type { FieldShape, Shape } from "./schema.ts";

/** A piece of JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [key: string]: unknown };

/** What a schema document says of itself. */
export interface SchemaTitle {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Fields that every file of the kind has; others may come from what it builds on, or from overrides. */
  readonly required: readonly string[];
}

/** Whole documents: a JSON Schema for the files whose shape is given. */
export function toJsonSchemaDocument(
  shape: Extract<Shape, { kind: "record" }>,
  { id, title, description, required }: SchemaTitle,
): JsonSchema {
  const { required: _required, ...body } = recordSchema(shape, false);
  return shareDefinitions({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: id,
    title,
    description,
    ...body,
    required,
    $defs: definitions,
  });
}

/** Text that a variable or a JSON list stands for: every value that may be text may be this. */
const variable = String.raw`\$\{[_a-zA-Z][_a-zA-Z0-9]*\}`;

/** Scalars that fields share. Numbers and booleans count as the text they are written with. */
const definitions: JsonSchema = {
  text: { anyOf: [{ type: "string" }, { type: "number" }, { type: "boolean" }] },
  flag: { anyOf: [{ type: "boolean" }, { type: "string", pattern: "^(y|Y|yes|on|n|N|no|off)$" }] },
  duration: {
    type: "string",
    pattern: String.raw`^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$|${variable}`,
    examples: ["10s", "1m30s"],
  },
  nothing: { type: "null" },
  listInVariable: { type: "string", pattern: String.raw`^\s*\[|${variable}` },
};

const reference = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/** `partial`: nothing is required, because the rest may stand elsewhere. */
function schemaOf(shape: Shape, partial: boolean): JsonSchema {
  switch (shape.kind) {
    case "text":
      return textSchema(shape);
    case "integer":
      return { type: "integer", minimum: shape.min, maximum: shape.max };
    case "number":
      return { type: "number" };
    case "boolean":
      return reference("flag");
    case "duration":
      return reference("duration");
    case "list":
      return { anyOf: [{ type: "array", items: orNothing(schemaOf(shape.item, partial)) }, reference("listInVariable")] };
    case "dictionary":
      return { type: "object", additionalProperties: orNothing(schemaOf(shape.value, partial)) };
    case "record":
      return recordSchema(shape, partial);
    case "either":
      return { anyOf: shape.branches.flatMap((branch) => alternatives(schemaOf(branch, partial))) };
    default:
      return {};
  }
}

/** Nested alternatives are alternatives of the whole. */
const alternatives = (schema: JsonSchema): readonly unknown[] => {
  const { anyOf, ...rest } = schema;
  return Array.isArray(anyOf) && Object.keys(rest).length === 0 ? anyOf : [schema];
};

function textSchema(shape: Extract<Shape, { kind: "text" }>): JsonSchema {
  if (shape.choices !== undefined) {
    const inAnyCase = shape.choices
      .map((choice) => choice.replaceAll(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`))
      .join("|");
    const pattern = shape.ignoreCase === true ? `^(${inAnyCase})$|${variable}` : variable;
    return {
      anyOf: [
        { type: "string", enum: shape.choices },
        { type: "string", pattern },
      ],
    };
  }
  const examples = shape.examples === undefined ? {} : { examples: shape.examples };
  const { pattern, minLength = 0 } = shape;
  if (pattern === undefined && minLength === 0) return { ...reference("text"), ...examples };
  const bounds = { ...(pattern === undefined ? {} : { pattern: `${pattern}|${variable}` }), ...(minLength === 0 ? {} : { minLength }) };
  return { anyOf: [{ type: "string", ...bounds, ...examples }, { type: "number" }, { type: "boolean" }] };
}

function recordSchema(shape: Extract<Shape, { kind: "record" }>, partial: boolean): JsonSchema {
  const entries = Object.entries(shape.fields);
  const required = partial ? [] : entries.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, field]) => [
        name,
        fieldSchema(field, { partial: partial || name === "environments", isRequired: required.includes(name) }),
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** A field with nothing behind its colon counts as left out. */
const orNothing = (schema: JsonSchema): JsonSchema => ({ anyOf: [...alternatives(schema), reference("nothing")] });

function fieldSchema(field: FieldShape, { partial, isRequired }: { readonly partial: boolean; readonly isRequired: boolean }): JsonSchema {
  const schema = schemaOf(field.shape, partial);
  return {
    description: describeField(field),
    ...(isRequired || Object.keys(schema).length === 0 ? schema : orNothing(schema)),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.deprecatedFor === undefined ? {} : { deprecated: true }),
  };
}

/** A field's description with what its default and its spelling need in words. */
export function describeField(field: FieldShape): string {
  const note = field.defaultNote === undefined ? "" : ` Default: ${field.defaultNote}.`;
  const former = field.deprecatedFor === undefined ? "" : ` Write ${listNames([field.deprecatedFor])} instead.`;
  return `${field.description}${note}${former}`;
}
