import { meaningOf } from "./scalar.ts";

/** `text` as a YAML scalar on one line: bare where that reads back as the same text, quoted where it would not. */
export function yamlScalar(text: string): string {
  const bare = /^[A-Za-z0-9_./][\w./@ -]*$/.test(text) && !text.endsWith(" ") && meaningOf({ text, style: "plain" }).kind === "text";
  return bare ? text : JSON.stringify(text);
}

/** Where the files of the npm package can be read, the latest of each. */
const published = "https://unpkg.com/copilot-ts";

/** Where the JSON Schema of a kind of manifest is published, for editors. */
export const schemaUrl = (kind: string): string => `${published}/schemas/${kind}.json`;

/** The first lines of a new manifest: editors find its schema by them, and people its fields. */
export const manifestHeader = (kind: string): readonly string[] => [
  `# yaml-language-server: $schema=${schemaUrl(kind)}`,
  `# Every field: ${published}/docs/reference/manifest/${kind}.md`,
];
