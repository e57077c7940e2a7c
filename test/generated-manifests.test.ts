import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";

import { manifestReferenceFiles } from "../scripts/generate-manifest-reference.ts";
import { schemaFiles } from "../scripts/generate-schemas.ts";
import { picturePath, validatePicture } from "../scripts/generate-validate-picture.ts";

const root = join(import.meta.dirname, "..");

describe("files generated from the field definitions are committed as they are", () => {
  for (const [path, text] of [...schemaFiles(), ...manifestReferenceFiles(), [picturePath, validatePicture()] as const])
    test(path, () => {
      expect(readFileSync(join(root, path), "utf8"), "run `npm run generate`").toBe(text);
    });
});

type Json = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Every field of a schema with its path. */
function properties(schema: unknown, path = ""): readonly { readonly path: string; readonly field: Json }[] {
  if (Array.isArray(schema)) return schema.flatMap((item) => properties(item, path));
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== "properties" || !isObject(value)) return properties(value, path);
    return Object.entries(value).flatMap(([name, field]) => [
      ...(isObject(field) ? [{ path: `${path}.${name}`, field }] : []),
      ...properties(field, `${path}.${name}`),
    ]);
  });
}

describe("schemas keep the rules of SchemaStore", () => {
  for (const [path, text] of schemaFiles()) {
    const schema: unknown = JSON.parse(text);

    test(`${path} compiles in strict mode, with a title, a description and an address`, () => {
      new Ajv2020({ strict: true, allErrors: true }).compile(isObject(schema) ? schema : {});
      expect(schema).toMatchObject({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        $id: expect.stringMatching(/^https:\/\/.*\.json$/),
        title: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\S/),
      });
    });

    test(`${path} describes every field, and every default is one that it accepts`, () => {
      const definitions = isObject(schema) ? schema["$defs"] : undefined;
      const ajv = new Ajv2020({ strict: true });
      for (const { path: field, field: property } of properties(schema)) {
        expect(property["description"], field).toMatch(/\S/);
        if (property["default"] !== undefined)
          expect(
            ajv.validate({ ...property, $defs: definitions }, property["default"]),
            `${field}: ${JSON.stringify(property["default"])}`,
          ).toBe(true);
      }
    });
  }
});
