import type { Difference, DocumentValue } from "../operations/compare-documents.ts";
import type { Style } from "./style.ts";

/** A difference as people read it: `~` changed, `+` added, `-` removed, only what changed. */
export function renderDifference(difference: Difference | undefined, style: Style): string {
  if (difference === undefined) return "No changes.\n";
  const look = { depth: 0, style };
  const lines = difference.kind === "map" ? renderMap(difference, look) : renderNamed("(document)", difference, look);
  return `${lines.join("\n")}\n`;
}

/** How far in lines stand, and how they are marked. */
interface Look {
  readonly depth: number;
  readonly style: Style;
}

const deeper = ({ depth, style }: Look, by: number): Look => ({ depth: depth + by, style });

const pad = ({ depth }: Look): string => " ".repeat(depth);

function renderMap({ changes }: Extract<Difference, { readonly kind: "map" }>, look: Look): readonly string[] {
  return changes.flatMap(({ key, difference }) => renderNamed(key, difference, look));
}

function renderNamed(name: string, difference: Difference, look: Look): readonly string[] {
  switch (difference.kind) {
    case "added":
      return prefixed("+", toYaml(name, difference.value), look);
    case "removed":
      return prefixed("-", toYaml(name, difference.value), look);
    case "replaced":
      return isScalar(difference.before) && isScalar(difference.after)
        ? [look.style.yellow(`${pad(look)}~ ${name}: ${toScalar(difference.before)} -> ${toScalar(difference.after)}`)]
        : [...prefixed("-", toYaml(name, difference.before), look), ...prefixed("+", toYaml(name, difference.after), look)];
    case "map": {
      const [only, ...others] = difference.changes;
      // A chain of single keys is one line, so that deep changes stay near the margin.
      if (only !== undefined && others.length === 0 && (only.difference.kind === "map" || only.difference.kind === "list"))
        return renderNamed(`${name}/${only.key}`, only.difference, look);
      return [`${pad(look)}~ ${name}:`, ...renderMap(difference, deeper(look, 4))];
    }
    case "list":
      return [`${pad(look)}~ ${name}:`, ...difference.items.flatMap((item) => renderItem(item, deeper(look, 4)))];
  }
}

function renderItem(item: Extract<Difference, { readonly kind: "list" }>["items"][number], look: Look): readonly string[] {
  if (item.kind === "unchanged") return [look.style.faint(`${pad(look)}(${item.count} unchanged item${item.count === 1 ? "" : "s"})`)];
  const { difference } = item;
  switch (difference.kind) {
    case "added":
      return prefixed("+", toYamlItem(difference.value), look);
    case "removed":
      return prefixed("-", toYamlItem(difference.value), look);
    case "replaced":
      return isScalar(difference.before) && isScalar(difference.after)
        ? [look.style.yellow(`${pad(look)}~ - ${toScalar(difference.before)} -> ${toScalar(difference.after)}`)]
        : [...prefixed("-", toYamlItem(difference.before), look), ...prefixed("+", toYamlItem(difference.after), look)];
    case "map":
      return [`${pad(look)}~ - (changed item)`, ...renderMap(difference, deeper(look, 2))];
    case "list":
      return [`${pad(look)}~ - (changed item)`, ...difference.items.flatMap((inner) => renderItem(inner, deeper(look, 2)))];
  }
}

function prefixed(mark: "+" | "-", lines: readonly string[], look: Look): readonly string[] {
  const paint = mark === "+" ? look.style.green : look.style.red;
  return lines.map((line) => paint(`${pad(look)}${mark} ${line}`));
}

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
