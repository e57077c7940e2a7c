import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { originalCommands } from "../../test/fixtures/original-commands.ts";
import { commands } from "./commands.ts";
import { toLongName, type Command, type Flag } from "./define.ts";

const all = new Map<string, Command>(
  Object.entries(commands.nodes).flatMap(([name, node]): [string, Command][] =>
    node.kind === "command" ? [[name, node]] : Object.entries(node.commands).map(([verb, command]) => [`${name} ${verb}`, command]),
  ),
);

/** How the original would name a kind. */
const kinds: Readonly<Record<Flag["kind"], string>> = {
  string: "string",
  choice: "string",
  cidr: "cidr",
  strings: "slice",
  array: "array",
  map: "map",
  boolean: "bool",
  switch: "bool",
  port: "uint16",
  number: "int",
  duration: "duration",
};

function signature([name, flag]: readonly [string, Flag]): string {
  const preset = "default" in flag && flag.default !== undefined && flag.default !== "0s" ? `=${flag.default}` : "";
  return `${toLongName(name)}${flag.short === undefined ? "" : `/${flag.short}`}:${kinds[flag.kind]}${preset}`;
}

describe("the definitions", () => {
  test.each(Object.entries(originalCommands))("%s has the original's flags with their short forms, kinds and defaults", (path, flags) => {
    const command = all.get(path);
    expect(command).toBeDefined();
    const own = Object.entries(command?.flags ?? {}).map(signature);
    expect(own).toEqual(expect.arrayContaining(flags.split(" ").filter((flag) => flag !== "")));
  });

  const reference = fileURLToPath(new URL("../../../shared/reference/commands.json", import.meta.url));
  const isThere = existsSync(reference);
  if (!isThere) process.stderr.write("Skipped: the original's commands.json is not beside this checkout.\n");
  test.skipIf(!isThere)("know every command and flag of the original's own list", () => {
    const listed: unknown = JSON.parse(readFileSync(reference, "utf8"));
    const list = (Array.isArray(listed) ? listed : (listed as { commands: unknown }).commands) as {
      path: string;
      runnable?: boolean;
      aliases?: string[];
      flags: { long: string; short?: string; hidden?: boolean }[];
    }[];
    const missing = list
      .filter(({ runnable, path }) => runnable === true && path !== "copilot help")
      .flatMap(({ path, flags, aliases }) => {
        const command = all.get(path.slice("copilot ".length));
        if (command === undefined) return [path];
        const own = new Map(Object.entries(command.flags).map(([name, flag]) => [toLongName(name), flag]));
        const wrong = flags.filter(
          ({ long, short, hidden }) => own.get(long)?.short !== short || (own.get(long)?.hidden ?? false) !== (hidden ?? false),
        );
        return [
          ...wrong.map(({ long }) => `${path} --${long}`),
          ...(aliases ?? []).filter((alias) => command.aliases?.includes(alias) !== true),
        ];
      });
    expect(list.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  test.each([...all])("%s reads well: sentences, and no short form twice", (_path, command) => {
    const flags = Object.values(command.flags);
    for (const text of [command.summary, ...flags.map(({ brief }) => brief)]) expect(text).toMatch(/^\S.*[.…]$|\.$|…$/);
    const shorts = flags.flatMap(({ short }) => short ?? []);
    expect(new Set(shorts).size).toBe(shorts.length);
    expect(shorts).not.toContain("h");
  });
});
