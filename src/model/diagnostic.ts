/** A place in a file that a person wrote. Lines and columns count from 1; `length` is in characters and stays on the line. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The whole source line, for showing it with a caret. */
  readonly text: string;
}

/** Something in a file that a person should look at, and where. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** A word in kebab-case, e.g. `unknown-field`; one kind of complaint keeps one code. */
  readonly code: string;
  /** What was found and what was expected, in a sentence. */
  readonly message: string;
  /** The dotted path of the field, e.g. `http.healthcheck.path`. */
  readonly path?: string;
  readonly at?: SourceRange;
  /** The spelling that was probably meant instead of the last part of `path`. */
  readonly suggestion?: string;
  /** The likely fix. */
  readonly hint?: string;
}

/** A value that was checked: either it, with what is worth a warning, or every complaint at once. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
