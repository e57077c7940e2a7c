import type { Style } from "./style.ts";

/** Where text goes: standard output or standard error. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Width in characters as it is now; 80 where there is no terminal. */
  readonly columns: () => number;
  /** Height in rows as it is now; 24 where there is no terminal. */
  readonly rows: () => number;
  readonly color: boolean;
  readonly style: Style;
}

/** The person's side of the program. */
export interface Terminal {
  /** Data: what another program may read. */
  readonly out: Output;
  /** Everything else. */
  readonly err: Output;
  /** Whether questions can be asked: standard input and standard error are a terminal. */
  readonly interactive: boolean;
}
