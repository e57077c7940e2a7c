import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { describeShape, fieldPaths } from "../src/manifest/schema/field-paths.ts";
import type { FieldPath } from "../src/manifest/schema/field-paths.ts";
import { describeField } from "../src/manifest/schema/json-schema.ts";
import { manifestKinds } from "./manifest-kinds.ts";
import type { ManifestKind } from "./manifest-kinds.ts";

const folder = "docs/reference/manifest";
const note = "<!-- Written by `npm run generate` from the field definitions; change those. -->";

/** The text of every reference page of manifests by its path from the root of the repository. */
export function manifestReferenceFiles(): ReadonlyMap<string, string> {
  return new Map([
    [`${folder}/README.md`, overview()],
    ...manifestKinds.map((kind): [string, string] => [`${folder}/${kind.name}.md`, page(kind)]),
  ]);
}

function overview(): string {
  return `${note}

# Manifests

A manifest says what a workload, an environment or a pipeline is. The same file serves every target.

| Manifest | What it describes | Where it is |
|---|---|---|
${manifestKinds.map(({ name, title, summary, path }) => `| [${title}](${name}.md) | ${summary} | \`${path}\` |`).join("\n")}

## Rules of all of them

- A field with nothing behind its colon counts as left out.
- A key that is not known is an error. On AWS, where live applications have such keys, commands warn and carry on; \`copilot validate\` does so with \`--lenient\`. A key stands once in a map.
- Numbers, booleans and dates keep the text that was written where a text is wanted: a variable \`1.0\` stays \`1.0\`.
- \`yes\`, \`on\`, \`no\` and \`off\` are booleans where a boolean is wanted, and text elsewhere.
- Durations have units: \`500ms\`, \`10s\`, \`1m30s\`, \`2h\`. A bare number is refused.
- Whole numbers may be written \`0x10\`, \`010\` (eight) or \`1_000\`; quoted digits are text, and refused.
- Anchors, aliases and merge keys (\`<<\`) work. A file has at most 256 KiB, 64 levels, and 100,000 values.

## Variables

In workload and environment manifests, \`\${NAME}\` in a value stands for a variable of the shell, or for
\`COPILOT_APPLICATION_NAME\` and \`COPILOT_ENVIRONMENT_NAME\`. \`\\\${NAME}\` is the text itself. A variable that is not defined is an error. What
comes from a variable is text: \`cpu: \${CPU}\` is refused. A value that is a JSON list of texts after that, such as \`["a", "b"]\`, becomes a list.

## Overrides and \`extends\`

\`environments.<name>\` holds fields that differ in that environment; \`extends\` names a manifest to build on. Both merge alike:

- A scalar or a list replaces what was there; an empty list too.
- Maps are merged key by key. Variables and secrets are replaced by key, sidecars and volumes merged.
- Giving one form of a field drops its other forms: \`image.location\` drops \`image.build\`, a number of \`count\` drops its map.
- \`count.spot\` drops the range and the metrics, and these drop \`spot\`; \`efs.uid\` and \`gid\` drop \`id\`, \`root_dir\` and \`auth\`, and these drop them.
- \`name\` and \`type\` cannot be overridden.
`;
}

function page({ title, summary, path, shape }: ManifestKind): string {
  const paths = fieldPaths(shape);
  const sections = Object.keys(shape.fields).map((name) =>
    section(
      name,
      paths.filter((entry) => entry.path === name || isUnder(entry.path, name)),
    ),
  );
  return `${note}

# ${title}

${summary} Written as \`${path}\`. What all manifests have in common is told in [Manifests](README.md).

**Docker** tells where a field means something on a Docker engine (●) and where it has a notice there (○).

${sections.join("\n\n")}
`;
}

const isUnder = (path: string, name: string): boolean => path.startsWith(`${name}.`) || path.startsWith(`${name}[`);

function section(name: string, entries: readonly FieldPath[]): string {
  return `## \`${name}\`

| Field | Form | Default | Docker | Meaning |
|---|---|---|---|---|
${entries.map(row).join("\n")}`;
}

const withoutNote = ({ defaultNote: _note, ...field }: FieldPath["field"]): FieldPath["field"] => field;

function row({ path, field }: FieldPath): string {
  const standard = field.required ? "required" : field.default === undefined ? (field.defaultNote ?? "") : `\`${String(field.default)}\``;
  const meaning = describeField(withoutNote(field));
  const cells = [`\`${path}\``, describeShape(field.shape), standard, field.docker === "meaning" ? "●" : "○", meaning];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, "..");
  for (const [path, text] of manifestReferenceFiles()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
