import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createGenerator, type Schema } from "ts-json-schema-generator";
import { schemaUrl } from "../src/manifest/yaml-text.ts";

const root = join(import.meta.dirname, "..");
const folder = "schemas/output";

type Definitions = NonNullable<Schema["definitions"]>;

/** The file of a command's shape, e.g. `schemas/output/svc-ls.json` for `svc ls`. */
export const outputSchemaPath = (command: string): string => `${folder}/${command.replaceAll(" ", "-")}.json`;

/** The text of the schema of every `--json` output by its path from the root of the repository, made of the types in `json-outputs.ts`. */
export function outputSchemaFiles(): ReadonlyMap<string, string> {
  const generate = (type: string): Schema =>
    createGenerator({
      path: join(root, "src/cli/json-outputs.ts"),
      tsconfig: join(root, "tsconfig.json"),
      type,
      topRef: false,
      skipTypeCheck: true,
    }).createSchema(type);
  const outputs = generate("JsonOutputs");
  const commands = Object.entries(outputs.properties ?? {}).map(([command, shape]) => {
    const title = `What copilot ${command} prints with --json${isLines(shape) ? ": each line" : ""}`;
    return toFile(command, { title, shape: typeof shape === "boolean" ? {} : shape, definitions: outputs.definitions ?? {} });
  });
  const { definitions = {}, $schema: _, ...shape } = generate("JsonError");
  return new Map([
    ...commands,
    toFile("error", { title: "What standard error gets when a command with --json fails", shape, definitions }),
  ]);
}

const isLines = (shape: Schema | boolean): boolean => typeof shape === "object" && JSON.stringify(shape).includes("StepProgress");

function toFile(
  name: string,
  { title, shape, definitions }: { readonly title: string; readonly shape: Schema; readonly definitions: Definitions },
): readonly [path: string, text: string] {
  const needed = reachable(shape, definitions);
  const document = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: schemaUrl(`output/${name.replaceAll(" ", "-")}`),
    title,
    ...shape,
    ...(needed.length === 0 ? {} : { definitions: Object.fromEntries(needed) }),
  };
  return [outputSchemaPath(name), `${JSON.stringify(document, undefined, 2)}\n`];
}

/** The definitions that a shape refers to, those included that they refer to themselves; by name. */
function reachable(shape: Schema, definitions: Definitions): readonly (readonly [string, Schema | boolean])[] {
  const found = new Map<string, Schema | boolean>();
  const follow = (value: unknown): void => {
    for (const [, reference = ""] of JSON.stringify(value).matchAll(/"#\/definitions\/([^"]+)"/g)) {
      const name = decodeURIComponent(reference);
      const definition = definitions[name];
      if (definition === undefined || found.has(name)) continue;
      found.set(name, definition);
      follow(definition);
    }
  };
  follow(shape);
  return [...found].toSorted(([a], [b]) => a.localeCompare(b));
}

if (process.argv[1] === import.meta.filename) {
  const files = outputSchemaFiles();
  mkdirSync(join(root, folder), { recursive: true });
  for (const name of readdirSync(join(root, folder))) if (!files.has(`${folder}/${name}`)) rmSync(join(root, folder, name));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
