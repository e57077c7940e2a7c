import type { SourceRange } from "../model/diagnostic.ts";

/** A file that a person wrote, able to tell lines and columns. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** Offsets at which lines start. */
  readonly lineStarts: readonly number[];
}

/** A stretch of a file: offsets in characters, the end excluded. */
export interface Place {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** `text` as a file called `name`; every place in it is given by offset. */
export function sourceFile(name: string, text: string): SourceFile {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { name, text, lineStarts };
}

/** Index of the line that holds `offset`, counted from 0. */
function lineIndexOf(source: SourceFile, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where `place` is for a person: line and column from 1, cut at the end of its first line. */
export function rangeOf({ source, start, end }: Place): SourceRange {
  const index = lineIndexOf(source, start);
  const lineStart = source.lineStarts[index] ?? 0;
  const next = source.lineStarts[index + 1];
  const text = source.text.slice(lineStart, next === undefined ? source.text.length : next - 1).replace(/\r$/, "");
  const column = start - lineStart + 1;
  const length = Math.max(1, Math.min(end, lineStart + text.length) - start);
  return { file: source.name, line: index + 1, column, length, text };
}
