import type { Notice, StepProgress } from "../model/deployment.ts";

/** What renderers are told. */
export type ProgressEvent = StepProgress | Notice;

/** A step as the events so far tell it. */
export interface ProgressNode {
  readonly id: string;
  readonly title: string;
  readonly because?: string;
  readonly status: StepProgress["status"];
  readonly detail?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly children: readonly string[];
}

/** Everything told so far: steps by id, roots and notices in the order of their coming. */
export interface ProgressTree {
  readonly nodes: Readonly<Record<string, ProgressNode>>;
  readonly roots: readonly string[];
  readonly notices: readonly Notice[];
}

/** The tree before anything happened. */
export const emptyTree: ProgressTree = { nodes: {}, roots: [], notices: [] };

/** Whether nothing more will come of a step. */
export const hasEnded = (node: ProgressNode): boolean => node.endedAt !== undefined;

/** The tree after one more event. A step whose parent is unknown stands at the root. */
export function foldProgress(tree: ProgressTree, event: ProgressEvent): ProgressTree {
  if (event.type === "notice") {
    const told = tree.notices.some(({ message }) => message === event.message);
    return told ? tree : { ...tree, notices: [...tree.notices, event] };
  }
  const before = tree.nodes[event.id];
  const node = toNode(event, before);
  if (before !== undefined) return { ...tree, nodes: { ...tree.nodes, [event.id]: node } };
  const parent = event.parent === undefined ? undefined : tree.nodes[event.parent];
  if (parent === undefined) return { ...tree, nodes: { ...tree.nodes, [event.id]: node }, roots: [...tree.roots, event.id] };
  const grown = { ...parent, children: [...parent.children, event.id] };
  return { ...tree, nodes: { ...tree.nodes, [event.id]: node, [parent.id]: grown } };
}

function toNode(event: StepProgress, before: ProgressNode | undefined): ProgressNode {
  const at = Date.parse(event.at);
  const ended = event.status === "succeeded" || event.status === "failed" || event.status === "skipped";
  const because = event.because ?? before?.because;
  const detail = event.detail ?? (ended ? undefined : before?.detail);
  return {
    id: event.id,
    title: event.title,
    status: event.status,
    startedAt: before?.startedAt ?? at,
    children: before?.children ?? [],
    ...(because === undefined ? {} : { because }),
    ...(detail === undefined ? {} : { detail }),
    ...(ended ? { endedAt: at } : {}),
  };
}
