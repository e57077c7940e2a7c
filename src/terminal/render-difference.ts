import type { Difference, DocumentValue } from "../operations/compare-documents.ts";
import type { Style } from "./style.ts";

/** A difference as people read it: `~` changed, `+` added, `-` removed, only what changed. */
export function renderDifference(difference: Difference | undefined, style: Style): string {
  if (difference === undefined) return "No changes.\n";
  const lines = difference.kind === "map" ? renderMap(difference, 0, style) : renderNamed("(document)", difference, 0, style);
  return `${lines.join("\n")}\n`;
}

const pad = (depth: number): string => " ".repeat(depth);

function renderMap({ changes }: Extract<Difference, { readonly kind: "map" }>, depth: number, style: Style): readonly string[] {
  return changes.flatMap(({ key, difference }) => renderNamed(key, difference, depth, style));
}

function renderNamed(name: string, difference: Difference, depth: number, style: Style): readonly string[] {
  switch (difference.kind) {
    case "added":
      return prefixed("+", toYaml(name, difference.value), depth, style.green);
    case "removed":
      return prefixed("-", toYaml(name, difference.value), depth, style.red);
    case "replaced":
      return isScalar(difference.before) && isScalar(difference.after)
        ? [style.yellow(`${pad(depth)}~ ${name}: ${toScalar(difference.before)} -> ${toScalar(difference.after)}`)]
        : [
            ...prefixed("-", toYaml(name, difference.before), depth, style.red),
            ...prefixed("+", toYaml(name, difference.after), depth, style.green),
          ];
    case "map": {
      const [only, ...others] = difference.changes;
      // A chain of single keys is one line, so that deep changes stay near the margin.
      if (only !== undefined && others.length === 0 && (only.difference.kind === "map" || only.difference.kind === "list"))
        return renderNamed(`${name}/${only.key}`, only.difference, depth, style);
      return [`${pad(depth)}~ ${name}:`, ...renderMap(difference, depth + 4, style)];
    }
    case "list":
      return [`${pad(depth)}~ ${name}:`, ...difference.items.flatMap((item) => renderItem(item, depth + 4, style))];
  }
}

function renderItem(item: Extract<Difference, { readonly kind: "list" }>["items"][number], depth: number, style: Style): readonly string[] {
  if (item.kind === "unchanged") return [style.faint(`${pad(depth)}(${item.count} unchanged item${item.count === 1 ? "" : "s"})`)];
  const { difference } = item;
  switch (difference.kind) {
    case "added":
      return prefixed("+", toYamlItem(difference.value), depth, style.green);
    case "removed":
      return prefixed("-", toYamlItem(difference.value), depth, style.red);
    case "replaced":
      return isScalar(difference.before) && isScalar(difference.after)
        ? [style.yellow(`${pad(depth)}~ - ${toScalar(difference.before)} -> ${toScalar(difference.after)}`)]
        : [
            ...prefixed("-", toYamlItem(difference.before), depth, style.red),
            ...prefixed("+", toYamlItem(difference.after), depth, style.green),
          ];
    case "map":
      return [`${pad(depth)}~ - (changed item)`, ...renderMap(difference, depth + 2, style)];
    case "list":
      return [`${pad(depth)}~ - (changed item)`, ...difference.items.flatMap((inner) => renderItem(inner, depth + 2, style))];
  }
}

const prefixed = (mark: string, lines: readonly string[], depth: number, color: (text: string) => string): readonly string[] =>
  lines.map((line) => color(`${pad(depth)}${mark} ${line}`));

const isScalar = (value: DocumentValue): value is null | boolean | number | string => typeof value !== "object" || value === null;

/** As YAML has it; a text that YAML would read as something else is quoted. */
function toScalar(value: null | boolean | number | string): string {
  if (typeof value !== "string") return String(value);
  return value === "" || /^[\s\-?:,[\]{}#&*!|>'"%@`\d.~]|[:#]\s|[\n\s]$|\n|^(true|false|null|yes|no|on|off)$/i.test(value)
    ? JSON.stringify(value)
    : value;
}

function toYaml(name: string, value: DocumentValue): readonly string[] {
  if (isScalar(value)) return [`${name}: ${toScalar(value)}`];
  const inner = toYamlLines(value);
  return inner.length === 0 ? [`${name}: ${Array.isArray(value) ? "[]" : "{}"}`] : [`${name}:`, ...inner.map((line) => `    ${line}`)];
}

function toYamlLines(value: DocumentValue): readonly string[] {
  if (isScalar(value)) return [toScalar(value)];
  if (Array.isArray(value)) return value.flatMap((item: DocumentValue) => toYamlItem(item));
  return Object.entries(value).flatMap(([key, member]) => toYaml(key, member));
}

function toYamlItem(value: DocumentValue): readonly string[] {
  const [first = "", ...rest] = toYamlLines(value);
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}
