import { meaningOf } from "./scalar.ts";

/** `text` as a YAML scalar on one line: bare where that reads back as the same text, quoted where it would not. */
export function yamlScalar(text: string): string {
  const bare = /^[A-Za-z0-9_./][\w./@ -]*$/.test(text) && !text.endsWith(" ") && meaningOf({ text, style: "plain" }).kind === "text";
  return bare ? text : JSON.stringify(text);
}

/** Where the JSON Schema of a kind of manifest is published, for editors. */
export const schemaUrl = (kind: string): string => `https://unpkg.com/copilot-ts/schemas/${kind}.json`;

/** The line by which editors find the schema of a file. */
export const schemaComment = (kind: string): string => `# yaml-language-server: $schema=${schemaUrl(kind)}`;
