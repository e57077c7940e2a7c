import type { Interpolated } from "./interpolate.ts";
import type { Node } from "./tree.ts";

/** The text of a manifest with its variables filled in, comments and layout as written: what is kept with a deployment. `root` is its tree. */
export function storedText(root: Node, changes: Interpolated["changes"]): string {
  const { source } = root.place;
  const { text } = source;
  const ordered = changes
    .filter(({ from }) => from.place.source === source)
    .toSorted((left, right) => left.from.place.start - right.from.place.start);
  let result = "";
  let at = 0;
  for (const { from, to } of ordered) {
    if (from.place.start < at) continue;
    const { start, end } = from.place;
    const trailing = text.slice(start, end).endsWith("\n") ? "\n" : "";
    result += text.slice(at, start) + inlineYaml(to) + trailing;
    at = end;
  }
  return result + text.slice(at);
}

/** `node` on one line. JSON is YAML. */
function inlineYaml(node: Node): string {
  if (node.kind === "list") return `[${node.items.map(inlineYaml).join(", ")}]`;
  if (node.kind === "map") return `{${node.entries.map((entry) => `${JSON.stringify(entry.key)}: ${inlineYaml(entry.value)}`).join(", ")}}`;
  return node.style === "plain" && /^[\w./@-]+$/.test(node.text) ? node.text : JSON.stringify(node.text);
}
