import type { CommandContext } from "./context.ts";

/** What the completion of a flag or argument offers; a name is looked up in the workspace. */
export type Completion = "environment" | "workload" | "service" | "job" | "pipeline" | "file" | "directory";

/** What every flag has, whatever its kind. */
interface FlagBase {
  /** What it does, in a sentence. */
  readonly brief: string;
  /** One letter, written after a single dash. */
  readonly short?: string;
  /** Left out of help, completion and reference; still understood. */
  readonly hidden?: true;
  /** Accepted everywhere, and without effect on Docker. */
  readonly awsOnly?: true;
  /** Heading under which help lists it. */
  readonly section?: string;
  readonly complete?: Completion;
}

/**
 * How a flag is written and what it yields. `strings` splits at commas and may be repeated, `array` only repeats, `map` takes
 * `key=value,…`, `duration` yields milliseconds, a `switch` is a boolean that knows whether it was given.
 */
export type Flag = FlagBase &
  (
    | { readonly kind: "string"; readonly default?: string }
    | { readonly kind: "choice"; readonly choices: readonly string[]; readonly default?: string }
    | { readonly kind: "cidr"; readonly default?: string }
    | { readonly kind: "strings" | "array" | "map" | "boolean" | "switch" | "port" }
    | { readonly kind: "number"; readonly default?: number; readonly minimum?: number; readonly maximum?: number }
    | { readonly kind: "duration"; readonly default?: string }
  );

/** The flags of a command, by their name in camel case: `noRollback` is written `--no-rollback`. */
export type Flags = Readonly<Record<string, Flag>>;

type OrDefault<F extends Flag, V> = F extends { readonly default: string | number } ? V : V | undefined;

/** What a flag of a definition yields. */
export type FlagValue<F extends Flag> = F extends { readonly kind: "boolean" }
  ? boolean
  : F extends { readonly kind: "switch" }
    ? boolean | undefined
    : F extends { readonly kind: "strings" | "array" }
      ? readonly string[]
      : F extends { readonly kind: "map" }
        ? Readonly<Record<string, string>>
        : F extends { readonly kind: "choice"; readonly choices: readonly (infer C)[] }
          ? OrDefault<F, C>
          : F extends { readonly kind: "number" | "port" | "duration" }
            ? OrDefault<F, number>
            : OrDefault<F, string>;

/** The parsed flags of a command. */
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: FlagValue<F[K]> };

/** What a command was called with. */
export interface CommandInput<F extends Flags> {
  readonly argument: string | undefined;
  readonly flags: FlagValues<F>;
}

/** A command's function. A number is the exit code; nothing means 0. */
export type CommandRun<F extends Flags> = (input: CommandInput<F>, context: CommandContext) => Promise<number | void>;

/** The one argument that a command may take. */
export interface Argument {
  readonly name: string;
  readonly brief: string;
  readonly choices?: readonly string[];
}

/** Everything about a command but what it does: help, completion, the reference and the checks of its flags come from this. */
export interface CommandDefinition<F extends Flags> {
  /** One line, a sentence. */
  readonly summary: string;
  readonly description?: string;
  readonly argument?: Argument;
  readonly flags: F;
  readonly examples?: readonly { readonly run: string; readonly does: string }[];
  readonly hidden?: true;
  readonly aliases?: readonly string[];
  /** Loads the implementation; nothing heavy is imported before this is called. */
  readonly load: () => Promise<{ readonly run: CommandRun<F> }>;
}

/** Flag values whose types the parser has checked against the definition. */
export type ParsedFlags = Readonly<Record<string, unknown>>;

/** A command in the tree, its flag types forgotten. */
export interface Command extends Omit<CommandDefinition<Flags>, "load"> {
  readonly kind: "command";
  readonly start: (
    input: { readonly argument: string | undefined; readonly flags: ParsedFlags },
    context: CommandContext,
  ) => Promise<number | void>;
}

/** Commands under one noun. */
export interface CommandGroup {
  readonly kind: "group";
  readonly summary: string;
  readonly commands: Readonly<Record<string, Command>>;
}

/** Sections of the root help, in their order. */
export const rootSections = ["Getting Started", "Develop", "Release", "Extend", "Settings"] as const;

/** The whole command line. */
export interface CommandTree {
  readonly summary: string;
  readonly nodes: Readonly<Record<string, (Command | CommandGroup) & { readonly section: (typeof rootSections)[number] }>>;
  readonly examples: readonly { readonly run: string; readonly does: string }[];
}

/** Makes a command of its definition; the function keeps the types of its flags. */
export function defineCommand<const F extends Flags>(definition: CommandDefinition<F>): Command {
  const { load, ...data } = definition;
  return {
    ...data,
    kind: "command",
    start: async ({ argument, flags }, context) => {
      const { run } = await load();
      // The parser gives every flag of the definition a value of its kind, so the two types say the same.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return run({ argument, flags: flags as FlagValues<F> }, context);
    },
  };
}

/** How a flag's name is written after the two dashes. */
export const toLongName = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
