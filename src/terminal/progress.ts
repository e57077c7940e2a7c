import type { StepProgress } from "../model/deployment.ts";
import { emptyTree, foldProgress, type ProgressEvent, type ProgressTree } from "./progress-tree.ts";
import { cut, formatElapsed, renderTree } from "./render-tree.ts";
import type { Output, Terminal } from "./terminal.ts";

/** Shows events while work goes on. */
export interface Progress {
  readonly tell: (event: ProgressEvent) => void;
  /** Ends the display and leaves the last state on the screen. */
  readonly close: () => void;
}

/** NDJSON on standard output where JSON is wanted, a live tree on a terminal, else a line for each change. */
export function createProgress(terminal: Terminal, options: { readonly json: boolean; readonly ci: boolean }): Progress {
  if (options.json) return { tell: (event) => terminal.out.write(`${JSON.stringify(event)}\n`), close: () => undefined };
  return terminal.err.isTerminal && !options.ci ? createLiveProgress(terminal.err) : createPlainProgress(terminal.err, options);
}

/** Milliseconds between two drawings. */
const drawInterval = 100;

function createLiveProgress(output: Output): Progress {
  let tree = emptyTree;
  let drawn: readonly string[] = [];
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  function draw(final: boolean): void {
    const rows = final ? undefined : Math.max(1, output.rows() - 1);
    const lines = renderTree(tree, {
      style: output.style,
      columns: output.columns(),
      now: Date.now(),
      frame: frame++,
      ...(rows === undefined ? {} : { rows }),
    });
    output.write(redraw(drawn, lines, output.columns()));
    drawn = lines;
  }

  function above(text: string): void {
    output.write(`${erase(drawn, output.columns())}${text}\n`);
    drawn = [];
  }

  return {
    tell(event) {
      const before = tree;
      tree = foldProgress(tree, event);
      if (event.type === "notice" && tree !== before) above(renderNotice(event, output));
      if (tree.roots.length > 0) timer ??= setInterval(() => draw(false), drawInterval).unref();
    },
    close() {
      clearInterval(timer);
      if (tree.roots.length > 0) {
        draw(true);
        output.write("\u001B[?25h");
      }
      tree = emptyTree;
      drawn = [];
      timer = undefined;
    },
  };
}

/** Rows that lines take at this width: a terminal that became narrower has wrapped what stood there. */
const rowsOf = (lines: readonly string[], columns: number): number =>
  lines.reduce((sum, line) => sum + Math.max(1, Math.ceil([...stripStyle(line)].length / Math.max(1, columns))), 0);

// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const stripStyle = (line: string): string => line.replaceAll(/\u001B\[[\d;?]*[A-Za-z]/g, "");

function erase(drawn: readonly string[], columns: number): string {
  const rows = rowsOf(drawn, columns);
  return rows === 0 ? "" : `\u001B[${rows}A\r\u001B[J`;
}

/** One write that takes the place of what was drawn, line by line, so that nothing flickers. */
export function redraw(drawn: readonly string[], lines: readonly string[], columns: number): string {
  const rows = rowsOf(drawn, columns);
  const up = rows === 0 ? "" : `\u001B[${rows}A\r`;
  return `\u001B[?2026h\u001B[?25l${up}${lines.map((line) => `${line}\u001B[K\n`).join("")}\u001B[J\u001B[?2026l`;
}

/** What a step says while it goes on, such as a build's output, is told in CI only: together, once the step has ended. */
function createPlainProgress(output: Output, { ci }: { readonly ci: boolean }): Progress {
  let tree: ProgressTree = emptyTree;
  const said = new Map<string, readonly string[]>();

  function tellStep(event: StepProgress): void {
    if (event.status === "progressed") {
      if (ci && event.detail !== undefined) said.set(event.id, [...(said.get(event.id) ?? []), event.detail]);
      return;
    }
    output.write(`${renderChange(event, tree, output)}\n`);
    for (const line of said.get(event.id) ?? []) output.write(`    ${output.style.faint("│")} ${line}\n`);
    said.delete(event.id);
  }

  return {
    tell(event) {
      const before = tree;
      tree = foldProgress(tree, event);
      if (tree === before) return;
      if (event.type === "notice") output.write(`${renderNotice(event, output)}\n`);
      else tellStep(event);
    },
    close: () => undefined,
  };
}

function renderChange(event: StepProgress, tree: ProgressTree, { style }: Output): string {
  const node = tree.nodes[event.id];
  const took = node?.endedAt === undefined ? "" : ` ${style.faint(formatElapsed(node.endedAt - node.startedAt))}`;
  const because = event.because !== undefined && event.status === "started" ? ` (${event.because})` : "";
  const detail = event.detail === undefined ? "" : `: ${cut(event.detail, 400)}`;
  const marks = { started: "…", progressed: "…", succeeded: style.green("✔"), failed: style.red("✘"), skipped: "-" } as const;
  const indent = event.parent !== undefined && tree.nodes[event.parent] !== undefined ? "  " : "";
  return `${indent}${marks[event.status]} ${event.title}${because}${detail}${took}`;
}

const renderNotice = ({ level, message }: Extract<ProgressEvent, { readonly type: "notice" }>, { style }: Output): string =>
  level === "warning" ? style.yellow(`Note: ${message}`) : message;
