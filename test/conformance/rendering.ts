import type { Checked, Diagnostic } from "../../src/model/diagnostic.ts";
import { Problem } from "../../src/model/problem.ts";

/** A file that packaging writes, by its path relative to the output folder. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
}

/** Thrown where packaging refuses, with the reason as a person reads it. */
export class Refused extends Error {}

/** The value of a check, or the refusal that its complaints make. */
export function valueOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new Refused(
    checked.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(toLine)
      .join("\n"),
  );
}

function toLine({ message, path, at }: Diagnostic): string {
  const place = at === undefined ? "" : `${at.file}:${at.line}:${at.column}: `;
  return `${place}${path === undefined ? "" : `${path}: `}${message}`;
}

/** The files of one thing, or the refusal in their place: `<name>.error.json`, as the original's are kept. */
export function renderOrRefuse(name: string, render: () => readonly RenderedFile[]): readonly RenderedFile[] {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Problem)) throw error;
    return [{ path: `${name}.error.json`, content: `${JSON.stringify({ exitCode: 1, error: error.message }, null, 1)}\n` }];
  }
}
