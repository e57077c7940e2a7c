import { parseArgs, type ParseArgsConfig } from "node:util";
import { parseDuration } from "../model/duration.ts";
import { Problem } from "../model/problem.ts";
import type { Command, Flag, ParsedFlags } from "./define.ts";
import { toLongName } from "./define.ts";
import { nearest } from "./nearest.ts";

/** A command line that was understood: a call, or a wish for help. */
export type ParsedArguments =
  | {
      readonly kind: "call";
      readonly argument: string | undefined;
      readonly flags: ParsedFlags;
      /** The flags that were given and count on AWS only, as they were written. */
      readonly awsOnly: readonly string[];
    }
  | { readonly kind: "help" };

interface Occurrence {
  readonly flag: string;
  /** As it was written, for error messages. */
  readonly written: string;
  readonly value: string | undefined;
}

const isSwitch = (flag: Flag): boolean => flag.kind === "boolean" || flag.kind === "switch";

/** Reads what follows the words of a command, as the original's flag library (pflag) reads it. */
export function parseArguments(command: Command, path: string, argv: readonly string[]): ParsedArguments {
  const scanned = scan(command, path, argv);
  if (scanned === "help") return { kind: "help" };
  const { occurrences, positionals } = scanned;
  if (positionals.length === 1 && positionals[0] === "help" && command.argument === undefined) return { kind: "help" };
  const flags: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(command.flags)) {
    flags[name] = toValue(
      flag,
      occurrences.filter((occurrence) => occurrence.flag === name),
    );
  }
  const awsOnly = occurrences.filter(({ flag }) => command.flags[flag]?.awsOnly === true).map(({ written }) => written);
  return { kind: "call", argument: toArgument(command, path, positionals), flags, awsOnly: [...new Set(awsOnly)] };
}

function scan(
  command: Command,
  path: string,
  argv: readonly string[],
): "help" | { readonly occurrences: readonly Occurrence[]; readonly positionals: readonly string[] } {
  const byLong = new Map(Object.keys(command.flags).map((name) => [toLongName(name), name]));
  const options: NonNullable<ParseArgsConfig["options"]> = { help: { type: "boolean", short: "h" } };
  for (const [name, flag] of Object.entries(command.flags)) {
    options[toLongName(name)] = {
      type: isSwitch(flag) ? "boolean" : "string",
      multiple: true,
      ...(flag.short === undefined ? {} : { short: flag.short }),
    };
  }
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const occurrences: Occurrence[] = [];
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") return "help";
    const name = byLong.get(token.name);
    const flag = name === undefined ? undefined : command.flags[name];
    if (name === undefined || flag === undefined) throw unknownFlag(path, token.rawName, [...byLong.keys()]);
    if (!isSwitch(flag) && token.value === undefined)
      throw new Problem("flag-incomplete", `read ${token.rawName}: it needs a value`, { hint: `run \`${path} --help\`` });
    if (!isSwitch(flag) && token.inlineValue === false && token.value.startsWith("--") && Object.hasOwn(options, token.value.slice(2)))
      throw new Problem("flag-incomplete", `read ${token.rawName}: it needs a value, and ${token.value} is a flag`, {
        hint: `write the value after ${token.rawName}; if it is ${token.value} itself, write it after an equals sign`,
      });
    const isShort = !token.rawName.startsWith("--");
    // `-n=api` is how pflag allows a value after a short flag; parseArgs leaves the equals sign in the value.
    const value = isShort && token.inlineValue === true && token.value?.startsWith("=") ? token.value.slice(1) : token.value;
    occurrences.push({ flag: name, written: token.rawName, value });
  }
  return { occurrences, positionals };
}

function unknownFlag(path: string, written: string, known: readonly string[]): Problem {
  const guess = nearest(written.replace(/^-+/, ""), known);
  return new Problem("unknown-flag", `read ${written}: ${path} has no such flag`, {
    hint: guess === undefined ? `run \`${path} --help\` for its flags` : `did you mean --${guess}?`,
  });
}

function toArgument(command: Command, path: string, positionals: readonly string[]): string | undefined {
  const { argument } = command;
  const [first, second] = positionals;
  if (first === undefined) return undefined;
  if (argument === undefined || second !== undefined) {
    const extra = argument === undefined ? first : second;
    throw new Problem(
      "unexpected-argument",
      `read ${JSON.stringify(extra)}: ${path} takes ${argument === undefined ? "no argument" : "one argument"}`,
      {
        hint: command.flags["name"] === undefined ? `run \`${path} --help\`` : `to name something write --name ${extra ?? ""}`,
      },
    );
  }
  if (argument.choices !== undefined && !argument.choices.includes(first)) throw notAChoice(argument.name, first, argument.choices);
  return first;
}

function notAChoice(what: string, value: string, choices: readonly string[]): Problem {
  const guess = nearest(value, choices);
  return new Problem(
    "invalid-flag",
    `read ${what}: ${JSON.stringify(value)} is none of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`,
    guess === undefined ? {} : { hint: `did you mean ${JSON.stringify(guess)}?` },
  );
}

function toValue(flag: Flag, occurrences: readonly Occurrence[]): unknown {
  const last = occurrences.at(-1);
  switch (flag.kind) {
    case "strings":
      return occurrences.flatMap(({ value }) => splitList(value ?? ""));
    case "array":
      return occurrences.map(({ value }) => value ?? "");
    case "map":
      return Object.fromEntries(occurrences.flatMap(toEntries));
    case "boolean":
      return last === undefined ? false : toBoolean(last);
    case "switch":
      return last === undefined ? undefined : toBoolean(last);
    case "port":
      return last === undefined ? undefined : toNumber(last, 1, 65_535);
    case "number":
      return last === undefined ? flag.default : toNumber(last, flag.minimum, flag.maximum);
    case "duration":
      return last === undefined ? (flag.default === undefined ? undefined : parseDuration(flag.default)) : toMilliseconds(last);
    case "choice":
      if (last?.value === undefined) return flag.default;
      if (!flag.choices.includes(last.value)) throw notAChoice(last.written, last.value, flag.choices);
      return last.value;
    case "cidr":
      return last?.value === undefined ? flag.default : toCidr(last);
    case "string":
      return last?.value ?? flag.default;
  }
}

/** A comma list, read as CSV: a double-quoted part may hold commas. */
function splitList(text: string): readonly string[] {
  if (text === "") return [];
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

function toEntries({ written, value = "" }: Occurrence): readonly (readonly [string, string])[] {
  return splitList(value).map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw invalid(written, pair, "key=value");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
}

const booleans: Readonly<Record<string, boolean>> = { true: true, t: true, "1": true, false: false, f: false, "0": false };

function toBoolean({ written, value }: Occurrence): boolean {
  if (value === undefined) return true;
  const read = booleans[value.toLowerCase()];
  if (read === undefined) throw invalid(written, value, "true or false");
  return read;
}

function toNumber({ written, value = "" }: Occurrence, minimum?: number, maximum?: number): number {
  const read = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  const inRange = Number.isSafeInteger(read) && read >= (minimum ?? -Infinity) && read <= (maximum ?? Infinity);
  if (!inRange)
    throw invalid(written, value, minimum === undefined ? "a whole number" : `a whole number from ${minimum} to ${maximum ?? "any"}`);
  return read;
}

function toMilliseconds({ written, value = "" }: Occurrence): number {
  const read = parseDuration(value);
  if (read === undefined) throw invalid(written, value, "a duration such as 90s or 1h30m");
  return read;
}

function toCidr({ written, value = "" }: Occurrence): string {
  const [, a, b, c, d, bits] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(value) ?? [];
  const octets = [a, b, c, d].map(Number);
  if (bits === undefined || Number(bits) > 32 || octets.some((octet) => octet > 255))
    throw invalid(written, value, "a block such as 10.0.0.0/16");
  return value;
}

const invalid = (written: string, value: string, expected: string): Problem =>
  new Problem("invalid-flag", `read ${written}: ${JSON.stringify(value)} is not ${expected}`);
