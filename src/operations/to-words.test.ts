import { expect, test } from "vitest";
import { toWords } from "./to-words.ts";

test.each([
  ["/bin/sh", ["/bin/sh"]],
  ["node -p 6*7", ["node", "-p", "6*7"]],
  ["  sh  -c 'echo $HOME; ls'  ", ["sh", "-c", "echo $HOME; ls"]],
  ['echo "a \\"b\\" c" d\\ e', ["echo", 'a "b" c', "d e"]],
  ["echo ''", ["echo", ""]],
  ["a'b'\"c\"", ["abc"]],
  ["", []],
])("splits %j as a shell would", (text, words) => {
  expect(toWords(text)).toEqual(words);
});

test.each([["echo 'a"], ['echo "a'], ["echo \\"]])("refuses what is left open: %j", (text) => {
  expect(() => toWords(text)).toThrow(expect.objectContaining({ code: "unbalanced-quote" }));
});
