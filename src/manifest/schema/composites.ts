import type { Diagnostic } from "../../model/diagnostic.ts";
import { rangeOf } from "../source.ts";
import { formatPath, isNull } from "../tree.ts";
import type { MapEntry, MapNode, Node } from "../tree.ts";
import { complain, complainOfType, describeNode } from "./schema.ts";
import type { DecodeContext, DockerMeaning, FieldShape, Infer, Replacement, Schema, Shape } from "./schema.ts";
import { nearestName } from "./suggestion.ts";

/** A field of a record. `given` tells the type whether the value may be missing. */
export interface Field<T, Given extends boolean = boolean> {
  readonly schema: Schema<T>;
  readonly shape: FieldShape;
  readonly defaultValue: T | undefined;
  readonly given: Given;
}

/** What can be said of a field besides its type. */
export interface FieldOptions {
  /** What it means where Docker runs the workload; `meaning` unless given. */
  readonly docker?: DockerMeaning;
  readonly deprecatedFor?: string;
  /** The value that counts where the field is left out, applied elsewhere. */
  readonly documentedDefault?: string | number | boolean;
  /** What counts where the field is left out, in words. */
  readonly defaultNote?: string;
}

/** A field that may be left out. */
export function optional<T>(schema: Schema<T>, description: string, options: FieldOptions = {}): Field<T, false> {
  const documented = options.documentedDefault;
  const shape = fieldShape(schema, description, {
    ...options,
    required: false,
    ...(documented === undefined ? {} : { default: documented }),
  });
  return { schema, shape, defaultValue: undefined, given: false };
}

/** A field that has to be given, in the manifest or in what it overrides. */
export function required<T>(schema: Schema<T>, description: string, options: FieldOptions = {}): Field<T, true> {
  return { schema, shape: fieldShape(schema, description, { ...options, required: true }), defaultValue: undefined, given: true };
}

/** A field that has to be given, but whose absence leaves enough of the record to go on checking: its value may be missing. */
export function expected<T>(schema: Schema<T>, description: string, options: FieldOptions = {}): Field<T, false> {
  const shape = fieldShape(schema, description, { ...options, required: true });
  return { schema, shape, defaultValue: undefined, given: false };
}

/** A field that has a value where it is left out. */
export function defaulted<T extends string | number | boolean>(
  schema: Schema<T>,
  value: T,
  description: string,
  options: FieldOptions = {},
): Field<T, true> {
  return {
    schema,
    shape: fieldShape(schema, description, { ...options, required: false, default: value }),
    defaultValue: value,
    given: true,
  };
}

function fieldShape(
  schema: Schema<unknown>,
  description: string,
  options: FieldOptions & { readonly required: boolean; readonly default?: string | number | boolean },
): FieldShape {
  return {
    shape: schema.shape,
    description,
    required: options.required,
    docker: options.docker ?? "meaning",
    ...(options.default === undefined ? {} : { default: options.default }),
    ...(options.defaultNote === undefined ? {} : { defaultNote: options.defaultNote }),
    ...(options.deprecatedFor === undefined ? {} : { deprecatedFor: options.deprecatedFor }),
  };
}

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

/**
 * A value of one of several forms. The form is chosen by what stands there (a map, a list, a scalar), so complaints are about the form that was
 * meant; where several forms could be meant, they are about the one that got furthest.
 */
export function either<const B extends readonly Schema<unknown>[]>(...branches: B): Schema<Infer<B[number]>> {
  return choose(branches, true);
}

/** As {@link either}, for a field that never dropped values of a wrong type: lenient reading refuses them too. */
export function strictEither<const B extends readonly Schema<unknown>[]>(...branches: B): Schema<Infer<B[number]>> {
  return choose(branches, false);
}

function choose<const B extends readonly Schema<unknown>[]>(branches: B, tolerant: boolean): Schema<Infer<B[number]>> {
  return {
    shape: { kind: "either", branches: branches.map((branch) => branch.shape) },
    decode: (node, context) => {
      const possible = branches.filter((branch) => accepts(branch.shape, node));
      if (possible.length === 0) {
        const expected = branches.map((branch) => nounOf(branch.shape)).join(" or ");
        // With no form to fall back on, this was never ignored.
        complainOfType(node, { ...context, inComposite: false }, expected);
        return undefined;
      }
      const attempts = possible.map((branch) =>
        attempt(branch, node, { ...context, inComposite: tolerant && branch.shape.kind === "record" }),
      );
      const best = attempts.find((candidate) => candidate.clean) ?? attempts.toSorted((left, right) => right.reach - left.reach)[0];
      for (const diagnostic of best?.diagnostics ?? []) context.report(diagnostic);
      // Each branch decodes to its own type, and `best` is one of them.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return best?.value as Infer<B[number]> | undefined;
    },
  };
}

interface Attempt {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** Nothing is wrong. */
  readonly clean: boolean;
  /** How deep the first error is. */
  readonly reach: number;
}

function attempt(branch: Schema<unknown>, node: Node, context: DecodeContext): Attempt {
  const diagnostics: Diagnostic[] = [];
  const inner: DecodeContext = {
    ...context,
    report: (diagnostic) => diagnostics.push(diagnostic),
  };
  const value = branch.decode(node, inner);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  if (
    branch.shape.kind === "record" &&
    node.kind === "map" &&
    !failed &&
    (saysNothing(branch.shape.fields, node) || isEmptyObject(value))
  ) {
    const message = `Expected at least one field in \`${formatPath(context.path)}\`, found ${describeNode(node)} without any.`;
    complain(node, inner, { code: "empty-map", message });
    return { value: undefined, diagnostics, clean: false, reach: context.path.length };
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  const reach = Math.max(0, ...errors.map((diagnostic) => diagnostic.path?.length ?? 0));
  return { value, diagnostics, clean: errors.length === 0, reach };
}

/** Every value of the map was of a wrong type, and dropped. */
const isEmptyObject = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;

const saysNothing = (fields: Readonly<Record<string, FieldShape>>, node: MapNode): boolean =>
  !node.entries.some((entry) => Object.hasOwn(fields, entry.key) && !isNull(entry.value));

/** Whether a value of this shape can stand as this kind of node. */
export function accepts(shape: Shape, node: Node): boolean {
  switch (shape.kind) {
    case "list":
      return node.kind === "list";
    case "record":
    case "dictionary":
      return node.kind === "map";
    case "either":
      return shape.branches.some((branch) => accepts(branch, node));
    case "anything":
      return true;
    default:
      return node.kind === "scalar";
  }
}

/** What a shape is called in a sentence. */
export function nounOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return shape.noun;
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "`true` or `false`";
    case "duration":
      return "a duration such as `1m30s`";
    case "anything":
      return "any value";
    case "list":
      return "a list";
    case "dictionary":
    case "record":
      return "a map";
    default:
      return shape.branches.map(nounOf).join(" or ");
  }
}
