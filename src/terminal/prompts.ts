/** What every question has. A flag answers it without asking. */
export interface Question {
  readonly message: string;
  /** The flag that answers it, e.g. `--name`. */
  readonly flag: string;
}

/** One thing to choose. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/**
 * Questions to the person. Where there is no terminal, every one of them is a Problem `answer-missing` that names its flag; Ctrl-C is an
 * Interrupted.
 */
export interface Prompts {
  readonly text: (
    question: Question & { readonly default?: string; readonly check?: (answer: string) => string | undefined },
  ) => Promise<string>;
  /** The answer is not shown; empty means none. */
  readonly secret: (question: Question) => Promise<string>;
  readonly confirm: (question: Question & { readonly default: boolean }) => Promise<boolean>;
  readonly select: <T>(question: Question & { readonly choices: readonly Choice<T>[] }) => Promise<T>;
  readonly selectSeveral: <T>(question: Question & { readonly choices: readonly Choice<T>[] }) => Promise<readonly T[]>;
}

/** The person pressed Ctrl-C. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
    this.name = "Interrupted";
  }
}
