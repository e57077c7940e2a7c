import { rangeOf } from "../source.ts";
import { formatPath, isNull } from "../tree.ts";
import type { MapEntry, MapNode } from "../tree.ts";
import type { Field } from "./fields.ts";
import { complainOfType } from "./schema.ts";
import type { DecodeContext, FieldShape, Replacement, Schema } from "./schema.ts";
import { nearestName } from "./suggestion.ts";

/** The fields of a record by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

type FieldValue<F> = F extends Field<infer T> ? T : never;
type GivenKeys<F extends Fields> = { [K in keyof F]: F[K]["given"] extends true ? K : never }[keyof F];

/** The value of a record: fields that are required or have a default are there, the others may be missing. */
export type RecordValue<F extends Fields> = { readonly [K in GivenKeys<F>]: FieldValue<F[K]> } & {
  readonly [K in Exclude<keyof F, GivenKeys<F>>]?: FieldValue<F[K]>;
};

/** A record, with its fields at hand for records that have more. */
export interface RecordSchema<F extends Fields> extends Schema<RecordValue<F>> {
  readonly fields: F;
}

/** A map with known keys. With `emptyIsAbsent`, a map that gives none of them counts as left out. */
export function record<F extends Fields>(
  fields: F,
  replacements: readonly Replacement[] = [],
  options: { readonly emptyIsAbsent?: boolean } = {},
): RecordSchema<F> {
  const shapes = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.shape]));
  const prepared = prepareFields(fields);
  return {
    fields,
    shape: { kind: "record", fields: shapes, replacements },
    decode: (node, context) => {
      if (node.kind !== "map") {
        complainOfType(node, context, "a map");
        return undefined;
      }
      const meant = reportUnknownKeys(node, context, prepared.byName);
      if (options.emptyIsAbsent === true && saysNothing(shapes, node)) return undefined;
      const value = decodeFields(prepared, node, { ...context, meant });
      // The keys of `value` are those of `fields`, each decoded by its own schema: TypeScript cannot follow that through Object.entries.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return value as RecordValue<F> | undefined;
    },
  };
}

/** A record's fields, prepared for reading: most manifests give few of many. */
interface PreparedFields {
  readonly byName: ReadonlyMap<string, Field<unknown>>;
  /** Fields that count for something where they are left out. */
  readonly missable: readonly (readonly [string, Field<unknown>])[];
}

function prepareFields(fields: Fields): PreparedFields {
  const entries = Object.entries(fields);
  return {
    byName: new Map(entries),
    missable: entries.filter(([, field]) => field.defaultValue !== undefined || field.shape.required),
  };
}

function decodeFields(
  { byName, missable }: PreparedFields,
  node: MapNode,
  { meant, ...context }: DecodeContext & { readonly meant: ReadonlySet<string> },
): Record<string, unknown> | undefined {
  const value: Record<string, unknown> = {};
  const broken = new Set<string>();
  for (const { key, value: child } of node.entries) {
    const field = byName.get(key);
    if (field === undefined || isNull(child)) continue;
    const decoded = field.schema.decode(child, { ...context, path: [...context.path, key] });
    if (decoded === undefined) broken.add(key);
    else value[key] = decoded;
  }
  let complete = true;
  for (const [name, field] of missable) {
    if (Object.hasOwn(value, name)) continue;
    if (field.defaultValue !== undefined) value[name] = field.defaultValue;
    else if (!context.partial || broken.has(name)) {
      if (!broken.has(name) && !meant.has(name)) reportMissing(node, context, { name, description: field.shape.description });
      if (field.given) complete = false;
    }
  }
  return complete || context.partial ? value : undefined;
}

function reportMissing(node: MapNode, context: DecodeContext, field: { readonly name: string; readonly description: string }): void {
  const first = node.entries[0];
  const path = formatPath([...context.path, field.name]);
  context.report({
    severity: "error",
    code: "missing-field",
    message: `\`${path}\` is missing.`,
    path,
    at: rangeOf(first?.keyPlace ?? node.place),
    hint: `Add \`${field.name}:\` here: ${field.description}`,
  });
}

const none: ReadonlySet<string> = new Set();

/** More unknown fields of one map than this are told as a number. */
const mostUnknown = 20;

/** Reports what is not known; the result is which known fields were probably meant. */
function reportUnknownKeys(node: MapNode, context: DecodeContext, fields: PreparedFields["byName"]): ReadonlySet<string> {
  const unknown = node.entries.filter((entry) => !fields.has(entry.key));
  if (unknown.length === 0) return none;
  const known = [...fields.keys()];
  const meant = unknown.slice(0, mostUnknown).map((entry) => reportUnknownField(entry, context, known));
  const next = unknown[mostUnknown];
  if (next !== undefined) {
    const message = `There are ${unknown.length - mostUnknown} more fields that are not known.`;
    context.report({ severity: context.lenient ? "warning" : "error", code: "unknown-field", message, at: rangeOf(next.keyPlace) });
  }
  return new Set(meant.filter((name) => name !== undefined));
}

/** Reports a field that is not known; the result is the known one that was probably meant. */
export function reportUnknownField(
  entry: MapEntry,
  context: Pick<DecodeContext, "path" | "lenient" | "report">,
  known: readonly string[],
): string | undefined {
  const nearest = nearestName(entry.key, known);
  context.report({
    severity: context.lenient ? "warning" : "error",
    code: "unknown-field",
    message: `There is no field \`${entry.key}\`${context.path.length === 0 ? " in this manifest" : ` in \`${formatPath(context.path)}\``}.`,
    path: formatPath([...context.path, entry.key]),
    at: rangeOf(entry.keyPlace),
    ...(nearest === undefined ? {} : { suggestion: nearest, hint: `Did you mean \`${nearest}\`?` }),
  });
  return nearest;
}

/** Whether a map gives none of these fields a value. */
export const saysNothing = (fields: Readonly<Record<string, FieldShape>>, node: MapNode): boolean =>
  !node.entries.some((entry) => Object.hasOwn(fields, entry.key) && !isNull(entry.value));
