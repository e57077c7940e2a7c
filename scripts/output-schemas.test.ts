import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../src/cli/commands.ts";
import { outputSchemaFiles, outputSchemaPath } from "./generate-output-schemas.ts";

const root = join(import.meta.dirname, "..");

test("the schemas of what --json prints are as committed (npm run generate writes them)", { timeout: 120_000 }, () => {
  const files = outputSchemaFiles();
  expect(readdirSync(join(root, "schemas/output")).map((name) => `schemas/output/${name}`)).toEqual([...files.keys()].toSorted());
  for (const [path, text] of files) expect(readFileSync(join(root, path), "utf8"), path).toBe(text);
});

test("every command with --json has a schema, and no other", () => {
  const withJson = Object.entries(commands.nodes).flatMap(([noun, node]) =>
    node.kind === "command"
      ? "json" in node.flags
        ? [noun]
        : []
      : Object.entries(node.commands).flatMap(([verb, command]) => ("json" in command.flags ? [`${noun} ${verb}`] : [])),
  );
  const published = readdirSync(join(root, "schemas/output")).map((name) => `schemas/output/${name}`);
  expect(published).toEqual([...withJson, "error"].map(outputSchemaPath).toSorted());
});
