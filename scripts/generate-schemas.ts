import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { toJsonSchemaDocument } from "../src/manifest/schema/json-schema.ts";
import { schemaUrl } from "../src/manifest/yaml-text.ts";
import { manifestKinds } from "./manifest-kinds.ts";

/** The text of every schema by its path from the root of the repository. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    manifestKinds.map(({ name, title, summary, path, shape, required }) => {
      const document = toJsonSchemaDocument(shape, {
        id: schemaUrl(name),
        title: `Copilot manifest: ${title}`,
        description: `${summary} Written as ${path}.`,
        required,
      });
      return [`schemas/${name}.json`, `${JSON.stringify(document, undefined, 2)}\n`];
    }),
  );
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, "..");
  for (const [path, text] of schemaFiles()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
