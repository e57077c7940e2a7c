import { Lexer } from "yaml";

/** What the lexer puts in front of a scalar that is not quoted, and other marks that are no part of the text. */
const marks = new Set(["\u0002", "\u0018", "\u001F"]);

/** More scalars than this are not mended: each makes the text be read once more. */
const mostScalars = 200;

/**
 * YAML whose quoted scalars of several lines start at the margin, as manifests in the field have them (`KEY: "one\` and then `two"`), with
 * those lines indented: every reader of Go takes both alike, and the YAML library takes only these. What a line holds stays on its line. Text
 * without such scalars comes back as it is.
 */
export function indentQuotedLines(text: string): string {
  let mended = text;
  for (let count = 0; count < mostScalars; count += 1) {
    const cut = cutScalar(mended);
    const end = cut === undefined ? undefined : endOfScalar(mended, cut.start);
    if (cut === undefined || end === undefined) return mended;
    const lines = mended.slice(cut.start, end).split("\n");
    if (lines.slice(1).some((line) => /^(?:---|\.\.\.)(?:\s|$)/.test(line))) return mended;
    const indented = lines.map((line, index) => (index === 0 || line.trim() === "" ? line : `${" ".repeat(cut.column + 1)}${line}`));
    mended = `${mended.slice(0, cut.start)}${indented.join("\n")}${mended.slice(end)}`;
  }
  return mended;
}

/** The first quoted scalar that the lexer ended at a line's end, before its quotation mark. */
function cutScalar(text: string): { readonly start: number; readonly column: number } | undefined {
  let at = 0;
  let before = "";
  for (const lexeme of new Lexer().lex(text)) {
    if (marks.has(lexeme)) {
      before = lexeme;
      continue;
    }
    const quoted = before !== "\u001F" && (lexeme.startsWith('"') || lexeme.startsWith("'"));
    if (quoted && endOfScalar(lexeme, 0) !== lexeme.length) return { start: at, column: at - (text.lastIndexOf("\n", at - 1) + 1) };
    at += lexeme.length;
    before = lexeme;
  }
  return undefined;
}

/** Where the quoted scalar that starts here ends, behind its quotation mark; nowhere when that is missing. */
function endOfScalar(text: string, start: number): number | undefined {
  const scalar = text[start] === '"' ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^']|'')*'/y;
  scalar.lastIndex = start;
  return scalar.test(text) ? scalar.lastIndex : undefined;
}
