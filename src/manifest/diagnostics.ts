import type { Diagnostic } from "../model/diagnostic.ts";

/** More than this helps nobody. */
const most = 200;

/** Collects complaints about a file, each once however often its place is read. */
export class Diagnostics {
  readonly #byPlace = new Map<string, Diagnostic>();

  /** Takes one in. */
  readonly report = (diagnostic: Diagnostic): void => {
    const { at, code, message } = diagnostic;
    const key = JSON.stringify([at?.file, at?.line, at?.column, code, message]);
    if (this.#byPlace.size < most && !this.#byPlace.has(key)) this.#byPlace.set(key, diagnostic);
  };

  /** Whether any of them is an error. */
  failed(): boolean {
    return this.all().some((diagnostic) => diagnostic.severity === "error");
  }

  /** In the order of the file. */
  all(): readonly Diagnostic[] {
    return [...this.#byPlace.values()].toSorted(
      (left, right) => (left.at?.line ?? 0) - (right.at?.line ?? 0) || (left.at?.column ?? 0) - (right.at?.column ?? 0),
    );
  }

  /** The result of a check that failed. */
  refused(): { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
    return { ok: false, diagnostics: this.all() };
  }
}
