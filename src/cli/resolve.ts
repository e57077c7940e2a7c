import { Problem } from "../model/problem.ts";
import type { Command, CommandGroup, CommandTree } from "./define.ts";
import { nearest } from "./nearest.ts";

/** Which command the words of a command line mean, and what is left for it. */
export type Resolved =
  | { readonly kind: "root" }
  | { readonly kind: "version" }
  | { readonly kind: "group"; readonly name: string; readonly group: CommandGroup }
  | {
      readonly kind: "command";
      readonly path: string;
      readonly command: Command;
      readonly rest: readonly string[];
      readonly wantsHelp: boolean;
    };

const helpFlags = new Set(["-h", "--help"]);

/** Finds the command. `help` before or after its words asks for its help. */
export function resolveCommand(tree: CommandTree, argv: readonly string[]): Resolved {
  const asksFirst = argv[0] === "help";
  const words = asksFirst ? argv.slice(1) : argv;
  const [first, ...rest] = words;
  if (first === undefined || helpFlags.has(first)) return { kind: "root" };
  if (first === "--version" || first === "-v") return { kind: "version" };
  const node = Object.hasOwn(tree.nodes, first) ? tree.nodes[first] : undefined;
  if (node === undefined) throw unknownCommand("copilot", first, Object.keys(tree.nodes));
  if (node.kind === "command") return { kind: "command", path: `copilot ${first}`, command: node, rest, wantsHelp: asksFirst };
  return resolveVerb({ noun: first, group: node }, rest, asksFirst);
}

function resolveVerb(
  { noun, group }: { readonly noun: string; readonly group: CommandGroup },
  words: readonly string[],
  wantsHelp: boolean,
): Resolved {
  const [verb, ...rest] = words;
  if (verb === undefined || verb === "help" || helpFlags.has(verb)) return { kind: "group", name: noun, group };
  const name = Object.hasOwn(group.commands, verb)
    ? verb
    : Object.entries(group.commands).find(([, command]) => command.aliases?.includes(verb) === true)?.[0];
  const command = name === undefined ? undefined : group.commands[name];
  if (name === undefined || command === undefined) throw unknownCommand(`copilot ${noun}`, verb, Object.keys(group.commands));
  return { kind: "command", path: `copilot ${noun} ${name}`, command, rest, wantsHelp };
}

function unknownCommand(path: string, word: string, known: readonly string[]): Problem {
  const guess = nearest(word, known);
  const what = word.startsWith("-") ? "flag" : "command";
  return new Problem(`unknown-${what}`, `read ${JSON.stringify(word)}: ${path} has no such ${what}`, {
    hint: guess === undefined ? `run \`${path} --help\`` : `did you mean \`${path} ${guess}\`?`,
  });
}
