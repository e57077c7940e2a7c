import { hasEnded, type ProgressNode, type ProgressTree } from "./progress-tree.ts";
import type { Style } from "./style.ts";

/** How a tree is drawn. */
export interface RenderTreeOptions {
  readonly style: Style;
  /** Lines are cut at this many characters. */
  readonly columns: number;
  /** Parts that are done fold up until this many lines are enough; unset draws all. */
  readonly rows?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly frame: number;
}

const frames = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];

interface Line {
  readonly node: ProgressNode;
  readonly depth: number;
}

/** The lines of a tree: state, what, why and how long. */
export function renderTree(tree: ProgressTree, options: RenderTreeOptions): readonly string[] {
  const lines = pickLines(tree, options.rows);
  return lines.map((line) => renderLine(line, options));
}

function pickLines(tree: ProgressTree, rows: number | undefined): readonly Line[] {
  const all = flatten(tree, () => true);
  if (rows === undefined || all.length <= rows) return all;
  const folded = flatten(tree, (node) => !hasEnded(node) || node.status === "failed");
  return folded.length <= rows ? folded : folded.slice(-rows);
}

function flatten(tree: ProgressTree, opens: (node: ProgressNode) => boolean): readonly Line[] {
  const lines: Line[] = [];
  const visit = (id: string, depth: number, wholeEndedAt: number | undefined): void => {
    const told = tree.nodes[id];
    if (told === undefined) return;
    const node = wholeEndedAt === undefined ? told : endedWith(told, wholeEndedAt);
    lines.push({ node, depth });
    if (opens(node)) for (const child of node.children) visit(child, depth + 1, node.endedAt);
  };
  for (const root of tree.roots) visit(root, 0, undefined);
  return lines;
}

/** A part of which nothing more was told when its whole ended, as when that was cancelled. */
const endedWith = (node: ProgressNode, wholeEndedAt: number): ProgressNode =>
  hasEnded(node) ? node : { ...node, status: "skipped", endedAt: Math.max(node.startedAt, wholeEndedAt) };

function renderLine({ node, depth }: Line, { style, columns, now, frame }: RenderTreeOptions): string {
  const indent = "  ".repeat(depth);
  const elapsed = formatElapsed((node.endedAt ?? now) - node.startedAt);
  const why = node.because === undefined ? "" : ` (${node.because})`;
  const detail = node.detail === undefined ? "" : `: ${node.detail}`;
  const room = Math.max(10, columns - indent.length - 2 - elapsed.length - 2);
  const title = cut(node.title, room);
  const rest = cut(`${why}${detail}`, room - [...title].length);
  return `${indent}${icon(node, style, frame)} ${title}${style.faint(rest)} ${style.faint(elapsed)}`;
}

function icon(node: ProgressNode, style: Style, frame: number): string {
  switch (node.status) {
    case "succeeded":
      return style.green("✔");
    case "failed":
      return style.red("✘");
    case "skipped":
      return style.faint("-");
    case "started":
    case "progressed":
      return style.cyan(frames[frame % frames.length] ?? "·");
  }
}

/** A time span as people read it: `0.4s`, `12.3s`, `2m05s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  return `${Math.floor(seconds / 60)}m${String(Math.floor(seconds % 60)).padStart(2, "0")}s`;
}

/** Text that fits into so many characters; what is cut off shows as an ellipsis. */
export function cut(text: string, room: number): string {
  const characters = [...text.replaceAll(/\s+/g, " ")];
  if (characters.length <= room) return characters.join("");
  return room < 1 ? "" : `${characters.slice(0, room - 1).join("")}…`;
}
