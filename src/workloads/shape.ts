import type { FieldShape, Shape } from "../manifest/schema/schema.ts";
import type { WorkloadKind } from "./define.ts";

const extendsField: FieldShape = {
  shape: { kind: "text", noun: "a path" },
  description: "Path of a manifest to build on, relative to this one. It is merged as overrides are: this manifest is the override.",
  required: false,
  docker: "meaning",
};

/** The shape of a whole manifest file: the type's own fields, `environments` and `extends`. */
export function manifestShape(kind: WorkloadKind): Extract<Shape, { kind: "record" }> {
  const { shape } = kind;
  if (shape.kind !== "record") throw new TypeError(`${kind.type} has no record`);
  const { name: _name, type: _type, ...overridable } = shape.fields;
  return {
    ...shape,
    fields: {
      ...shape.fields,
      environments: {
        shape: { kind: "dictionary", value: { ...shape, fields: overridable }, deep: true, keyNoun: "environment" },
        description: "Overrides for environments by name, each with any of the fields of this manifest.",
        required: false,
        docker: "meaning",
      },
      extends: extendsField,
    },
  };
}
