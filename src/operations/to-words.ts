import { Problem } from "../model/problem.ts";

/** The words of a command line as a POSIX shell would split it, with quotes and backslashes and nothing else: no variable, no pattern. */
export function toWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  const part = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|(['"\\])/g;
  for (const [matched, single, double, escaped, plain, open] of text.matchAll(part)) {
    if (open !== undefined)
      throw new Problem("unbalanced-quote", `read the command ${JSON.stringify(text)}: a quote or backslash is left open`);
    const piece = single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? plain;
    if (piece !== undefined) word = (word ?? "") + piece;
    else if (matched.trim() === "" && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
