/** Colours and weights for a terminal; every function returns its text unchanged where there is no colour. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const escape =
  (open: number, close: number) =>
  (text: string): string =>
    text === "" ? "" : `\u001B[${open}m${text}\u001B[${close}m`;
const plain = (text: string): string => text;

/** The style of an output that shows colour, or of one that does not. */
export const createStyle = (color: boolean): Style =>
  color
    ? {
        bold: escape(1, 22),
        faint: escape(2, 22),
        red: escape(31, 39),
        green: escape(32, 39),
        yellow: escape(33, 39),
        blue: escape(94, 39),
        cyan: escape(36, 39),
      }
    : { bold: plain, faint: plain, red: plain, green: plain, yellow: plain, blue: plain, cyan: plain };

/**
 * Whether an output shows colour. `COLOR` decides where it is true or false; else a terminal does, unless `NO_COLOR` is set or
 * `TERM` is dumb.
 */
export function wantsColor(variables: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const wish = variables["COLOR"]?.toLowerCase();
  if (wish === "true" || wish === "false") return wish === "true";
  return isTerminal && (variables["NO_COLOR"] ?? "") === "" && variables["TERM"] !== "dumb";
}
