import { yamlScalar } from "./yaml-text.ts";
import { isNull } from "./tree.ts";
import type { Node, ScalarNode } from "./tree.ts";

/** A tree as YAML in block style, its keys in their order. Scalars keep the text that was written; comments are not part of a tree. */
export function renderTree(node: Node): string {
  return `${lines(node).join("\n")}\n`;
}

function lines(node: Node): readonly string[] {
  if (node.kind === "scalar") return scalarLines(node);
  if (node.kind === "list") return node.items.length === 0 ? ["[]"] : node.items.flatMap((item) => prefixed("- ", "  ", lines(item)));
  if (node.entries.length === 0) return ["{}"];
  return node.entries.flatMap(({ key, value }) => entryLines(yamlScalar(key), value));
}

function entryLines(key: string, value: Node): readonly string[] {
  const inner = lines(value);
  const tag = value.tag === undefined ? "" : ` ${value.tag}`;
  const first = inner[0] ?? "";
  if (value.kind === "scalar" && inner.length > 1)
    return [`${key}:${tag} ${first}`, ...inner.slice(1).map((line) => (line === "" ? "" : `  ${line}`))];
  const inline = value.kind === "scalar" || (value.kind === "list" ? value.items.length === 0 : value.entries.length === 0);
  return inline
    ? [`${key}:${tag}${first === "" ? "" : ` ${first}`}`]
    : [`${key}:${tag}`, ...inner.map((line) => (line === "" ? "" : `  ${line}`))];
}

const prefixed = (first: string, rest: string, inner: readonly string[]): readonly string[] =>
  inner.map((line, index) => (index === 0 ? `${first}${line}` : line === "" ? "" : `${rest}${line}`));

/** A text of several lines stays a literal block, where YAML can write it as one. */
function scalarLines(node: ScalarNode): readonly string[] {
  if (node.style === "plain" && (isNull(node) || !node.text.includes("\n"))) return [node.text];
  const literal = node.text.includes("\n") && node.text.endsWith("\n") && !node.text.endsWith("\n\n") && !/^\s|[ \t\r]\n/.test(node.text);
  if (literal) return ["|", ...node.text.slice(0, -1).split("\n")];
  return [node.style === "plain" ? JSON.stringify(node.text) : yamlScalar(node.text)];
}
