/** One measured figure and the bar it is held to. */
export interface Figure {
  /** A name in kebab-case, e.g. `help-ratio`. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `s`, `MiB` or `x` for a ratio. */
  readonly unit: string;
  /** The most that is good enough. */
  readonly bar: number;
}

/** The middle of several measurements: a machine that others use gives outliers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `name value unit bar ok|short`, the line that `npm run bench` prints for a figure. */
export const formatFigure = ({ name, value, unit, bar }: Figure): string =>
  `${name} ${value.toFixed(value < 10 ? 2 : 0)} ${unit} ${bar} ${value <= bar ? "ok" : "short"}`;

/** Whether a figure misses its bar. */
export const isShort = ({ value, bar }: Figure): boolean => !(value <= bar);
