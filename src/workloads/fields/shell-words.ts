/** The words of a command line, split as a POSIX shell does without expanding anything; `undefined` when a quote or an escape is left open. */
export function splitShellWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? "";
    if (character === "#" && word === undefined) {
      const end = line.indexOf("\n", at);
      if (end === -1) break;
      at = end;
    } else if (character === "\\") {
      if (at + 1 >= line.length) return undefined;
      at += 1;
      word = (word ?? "") + (line[at] ?? "");
    } else if (character === "'" || character === '"') {
      const quoted = readQuoted(line, at);
      if (quoted === undefined) return undefined;
      word = (word ?? "") + quoted.text;
      at = quoted.end;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  return word === undefined ? words : [...words, word];
}

/** The text between the quotes that open at `start`, and where they close. */
function readQuoted(line: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const quote = line[start];
  let text = "";
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at] ?? "";
    if (character === quote) return { text, end: at };
    if (character === "\\" && quote === '"') {
      if (at + 1 >= line.length) return undefined;
      at += 1;
      text += line[at] ?? "";
    } else text += character;
  }
  return undefined;
}
