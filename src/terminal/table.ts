import type { Style } from "./style.ts";

/** Rows under a header and dashes, columns as wide as they need to be. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: { readonly indent?: number; readonly minimum?: number } = {},
): string {
  const { indent = 0, minimum = 0 } = options;
  const widths = header.map((title, column) => Math.max(minimum, width(title), ...rows.map((row) => width(row[column] ?? ""))));
  const line = (cells: readonly string[]): string =>
    `${" ".repeat(indent)}${cells
      .map((cell, column) => (column === cells.length - 1 ? cell : `${cell}${" ".repeat((widths[column] ?? 0) - width(cell) + 2)}`))
      .join("")}`.trimEnd();
  return [line(header), line(header.map((title) => "-".repeat(width(title)))), ...rows.map(line)].map((text) => `${text}\n`).join("");
}

// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const width = (text: string): number => [...text.replaceAll(/\u001B\[[\d;]*m/g, "")].length;

/** Names and values below each other, as an *About* section has them. */
export function renderFields(fields: readonly (readonly [string, string])[]): string {
  const longest = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `  ${name.padEnd(longest + 2)}${value}\n`).join("");
}

/** A bold title over a block, with a blank line between them. */
export const renderSection = (title: string, body: string, style: Style): string => `${style.bold(title)}\n\n${body}`;

/** The second and later of equal neighbours in a column become a ditto mark. */
export function withDittos(rows: readonly (readonly string[])[], columns: readonly number[]): readonly (readonly string[])[] {
  return rows.map((row, index) =>
    row.map((cell, column) => (columns.includes(column) && index > 0 && rows[index - 1]?.[column] === cell ? '  "' : cell)),
  );
}
