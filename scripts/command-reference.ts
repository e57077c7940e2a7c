import { commands } from "../src/cli/commands.ts";
import { rootSections, type Command } from "../src/cli/define.ts";
import { flagHead, flagText, visibleFlags } from "../src/cli/help.ts";

/** A generated page: its name below `docs/reference/cli/`, and what it says. */
export interface ReferencePage {
  readonly name: string;
  readonly content: string;
}

const generated = "<!-- Generated from the command definitions by `npm run generate`. -->\n";

interface Entry {
  readonly path: string;
  readonly page: string;
  readonly command: Command;
}

function entriesOf(name: string): readonly Entry[] {
  const node = commands.nodes[name];
  if (node === undefined) return [];
  const all: readonly Entry[] =
    node.kind === "command"
      ? [{ path: name, page: `${name}.md`, command: node }]
      : Object.entries(node.commands).map(([verb, command]) => ({ path: `${name} ${verb}`, page: `${name}-${verb}.md`, command }));
  return all.filter(({ command }) => command.hidden !== true);
}

/** Every page of the command reference, the list first. */
export function renderCommandReference(): readonly ReferencePage[] {
  const entries = Object.keys(commands.nodes).flatMap(entriesOf);
  return [{ name: "README.md", content: renderList() }, ...entries.map((entry) => ({ name: entry.page, content: renderCommand(entry) }))];
}

function renderList(): string {
  const sections = rootSections.map((section) => {
    const names = Object.entries(commands.nodes).flatMap(([name, node]) => (node.section === section ? [name] : []));
    const rows = names.flatMap(entriesOf).map(({ path, page, command }) => `| [copilot ${path}](${page}) | ${escape(command.summary)} |`);
    return `## ${section}\n\n| Command | |\n|---|---|\n${rows.join("\n")}\n`;
  });
  return `${generated}# Commands\n\n${commands.summary}\n\n${sections.join("\n")}`;
}

function renderCommand({ path, command }: Entry): string {
  const flags = visibleFlags(command);
  const usage = `copilot ${path}${command.argument === undefined ? "" : ` [${command.argument.name}]`}${flags.length > 0 ? " [flags]" : ""}`;
  const parts = [
    `# copilot ${path}\n\n${command.summary}${command.description === undefined ? "" : `\n\n${command.description}`}`,
    `\`\`\`\n${usage}\n\`\`\``,
    ...(command.aliases === undefined ? [] : [`Also called: ${command.aliases.join(", ")}.`]),
    ...(command.argument === undefined ? [] : [`\`${command.argument.name}\`: ${command.argument.brief}`]),
    ...(flags.length === 0 ? [] : [renderFlags(flags)]),
    ...(command.examples ?? []).map(({ run, does }) => `${does}\n\n\`\`\`console\n$ ${run}\n\`\`\``),
  ];
  return `${generated}${parts.join("\n\n")}\n`;
}

function renderFlags(flags: ReturnType<typeof visibleFlags>): string {
  const sections = [...new Set(flags.map(([, { section }]) => section))];
  return sections
    .map((section) => {
      const rows = flags
        .filter(([, flag]) => flag.section === section)
        .map(([name, flag]) => `| \`${flagHead(name, flag).trim()}\` | ${escape(flagText(flag))} |`);
      return `${section === undefined ? "" : `**${section}**\n\n`}| Flag | |\n|---|---|\n${rows.join("\n")}`;
    })
    .join("\n\n");
}

const escape = (text: string): string => text.replaceAll("|", "\\|");
