import { toLongName, type Command, type CommandTree, type Completion, type Flag } from "./define.ts";
import { visibleFlags } from "./help.ts";

/** Something that the word at the cursor may become. */
export interface Candidate {
  readonly value: string;
  readonly brief: string;
}

/** Names of the workspace that a flag may take. */
export type NamesOf = (completion: Completion) => Promise<readonly string[]>;

/** What the last of the words may become; the words are those after `copilot`. */
export async function completeWords(tree: CommandTree, words: readonly string[], namesOf: NamesOf): Promise<readonly Candidate[]> {
  // Some shells split at the equals sign of --flag=value.
  const read = words.filter((word) => word !== "=");
  const current = read.at(-1) ?? "";
  const candidates = await candidatesFor(tree, read.slice(0, -1), { current, namesOf });
  return candidates.filter(({ value }) => value.startsWith(current));
}

interface Place {
  readonly current: string;
  readonly namesOf: NamesOf;
}

async function candidatesFor(tree: CommandTree, before: readonly string[], place: Place): Promise<readonly Candidate[]> {
  const [first, second, ...rest] = before;
  if (first === undefined) return commandsOf(tree.nodes);
  const node = Object.hasOwn(tree.nodes, first) ? tree.nodes[first] : undefined;
  if (node === undefined) return [];
  if (node.kind === "command") return completeCommand(node, before.slice(1), place);
  if (second === undefined) return commandsOf(node.commands);
  const command = Object.hasOwn(node.commands, second) ? node.commands[second] : undefined;
  return command === undefined ? [] : completeCommand(command, rest, place);
}

const commandsOf = (nodes: Readonly<Record<string, { readonly summary: string; readonly hidden?: true }>>): readonly Candidate[] =>
  Object.entries(nodes).flatMap(([value, { summary, hidden }]) => (hidden === true ? [] : [{ value, brief: summary }]));

async function completeCommand(command: Command, before: readonly string[], { current, namesOf }: Place): Promise<readonly Candidate[]> {
  const pending = flagWritten(command, before.at(-1) ?? "");
  if (pending !== undefined && pending.kind !== "boolean" && pending.kind !== "switch") return valuesOf(pending, namesOf);
  if (!current.startsWith("-") && command.argument?.choices !== undefined)
    return command.argument.choices.map((value) => ({ value, brief: command.argument?.brief ?? "" }));
  const flags = visibleFlags(command).map(([name, { brief }]) => ({ value: `--${toLongName(name)}`, brief }));
  return [...flags, { value: "--help", brief: "Shows this help." }];
}

const flagWritten = (command: Command, word: string): Flag | undefined =>
  Object.entries(command.flags).find(
    ([name, flag]) => word === `--${toLongName(name)}` || (flag.short !== undefined && word === `-${flag.short}`),
  )?.[1];

async function valuesOf(flag: Flag, namesOf: NamesOf): Promise<readonly Candidate[]> {
  if (flag.kind === "choice") return flag.choices.map((value) => ({ value, brief: "" }));
  if (flag.complete === undefined) return [];
  return (await namesOf(flag.complete)).map((value) => ({ value, brief: flag.complete ?? "" }));
}
