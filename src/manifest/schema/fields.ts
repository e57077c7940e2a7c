import type { DockerMeaning, FieldShape, Schema } from "./schema.ts";

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
