import type { Style } from "../terminal/style.ts";
import { rootSections, toLongName, type Command, type CommandGroup, type CommandTree, type Flag } from "./define.ts";

/** Help of the whole program: commands by section. */
export function renderRootHelp(tree: CommandTree, style: Style): string {
  const entries = Object.entries(tree.nodes).filter(([, node]) => node.kind === "group" || node.hidden !== true);
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  const sections = rootSections.map((section) =>
    [
      `  ${style.bold(section)}`,
      ...entries
        .filter(([, node]) => node.section === section)
        .map(([name, node]) => `    ${style.cyan(name.padEnd(width))}${node.summary}`),
    ].join("\n"),
  );
  return `${tree.summary}

${style.bold("Usage")}
  copilot <command> [flags]

${style.bold("Commands")}
${sections.join("\n\n")}

${style.bold("Flags")}
  -h, --help      Shows this help; with a command, that command's.
  -v, --version   Prints the version.

${renderExamples(tree.examples, style)}`;
}

/** Help of a noun: its commands. */
export function renderGroupHelp(name: string, group: CommandGroup, style: Style): string {
  const entries = Object.entries(group.commands).filter(([, command]) => command.hidden !== true);
  const width = Math.max(...entries.map(([verb]) => verb.length)) + 2;
  return `${group.summary}

${style.bold("Usage")}
  copilot ${name} <command> [flags]

${style.bold("Commands")}
${entries.map(([verb, command]) => `  ${style.cyan(verb.padEnd(width))}${command.summary}`).join("\n")}
`;
}

/** Help of one command: its flags by section, and examples. */
export function renderCommandHelp(path: string, command: Command, style: Style): string {
  const usage = `${path}${command.argument === undefined ? "" : ` [${command.argument.name}]`}${Object.keys(command.flags).length > 0 ? " [flags]" : ""}`;
  const parts = [
    [command.summary, ...(command.description === undefined ? [] : [command.description])].join("\n\n"),
    `${style.bold("Usage")}\n  ${usage}`,
    ...(command.aliases === undefined ? [] : [`${style.bold("Also called")}\n  ${command.aliases.join(", ")}`]),
    ...(command.argument === undefined ? [] : [`${style.bold("Argument")}\n  ${command.argument.name}   ${command.argument.brief}`]),
    ...renderFlags(command, style),
  ];
  const examples = command.examples === undefined ? "" : `\n${renderExamples(command.examples, style)}`;
  return `${parts.join("\n\n")}\n${examples}`;
}

function renderFlags(command: Command, style: Style): readonly string[] {
  const visible = visibleFlags(command);
  const rows = visible.map(([name, flag]) => ({ section: flag.section ?? "", head: flagHead(name, flag), text: flagText(flag) }));
  rows.push({ section: "", head: "-h, --help", text: "Shows this help." });
  const width = Math.max(...rows.map(({ head }) => head.length)) + 3;
  const sections = [...new Set(rows.map(({ section }) => section))];
  return sections.map((section) =>
    [
      style.bold(section === "" ? "Flags" : `${section} Flags`),
      ...rows.filter((row) => row.section === section).map(({ head, text }) => `  ${head.padEnd(width)}${text}`),
    ].join("\n"),
  );
}

/** The flags that help, completion and the reference tell of, by name. */
export const visibleFlags = (command: Command): readonly (readonly [string, Flag])[] =>
  Object.entries(command.flags)
    .filter(([, flag]) => flag.hidden !== true)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

const placeholders: Readonly<Record<Flag["kind"], string>> = {
  string: " string",
  choice: " choice",
  cidr: " CIDR",
  strings: " a,b,…",
  array: " string",
  map: " key=value,…",
  boolean: "",
  switch: "",
  port: " port",
  number: " number",
  duration: " duration",
};

/** How a flag is written, with its short form and the kind of value. */
export const flagHead = (name: string, flag: Flag): string =>
  `${flag.short === undefined ? "    " : `-${flag.short}, `}--${toLongName(name)}${placeholders[flag.kind]}`;

/** What a flag does, with its choices, default and where it counts. */
export function flagText(flag: Flag): string {
  const choices = flag.kind === "choice" ? ` One of ${flag.choices.map((choice) => JSON.stringify(choice)).join(", ")}.` : "";
  const preset = "default" in flag && flag.default !== undefined ? ` Default ${JSON.stringify(flag.default)}.` : "";
  return `${flag.brief}${choices}${preset}${flag.awsOnly === true ? " AWS only." : ""}`;
}

const renderExamples = (examples: readonly { readonly run: string; readonly does: string }[], style: Style): string =>
  `${style.bold("Examples")}\n${examples.map(({ run, does }) => `  ${does}\n  ${style.cyan(`$ ${run}`)}`).join("\n\n")}\n`;
