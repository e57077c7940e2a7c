import type { Diagnostic } from "./diagnostic.ts";

/** Something that a person can put right. Anything else that is thrown is a defect of this program. */
export class Problem extends Error {
  /** A word in kebab-case that scripts can test for, e.g. `environment-not-found`. */
  readonly code: string;
  /** What to do next, usually a command; a sentence without a final full stop is a command. */
  readonly hint: string | undefined;
  /** The places in files that are to blame, when there are such. */
  readonly diagnostics: readonly Diagnostic[];
  /** The problems that this one is made of, where several came up together. */
  readonly parts: readonly Problem[];

  /** `message` reads "{what happened}: {why}". */
  constructor(
    code: string,
    message: string,
    options: {
      readonly hint?: string;
      readonly cause?: unknown;
      readonly diagnostics?: readonly Diagnostic[];
      readonly parts?: readonly Problem[];
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.hint = options.hint;
    this.diagnostics = options.diagnostics ?? [];
    this.parts = options.parts ?? [];
  }
}
