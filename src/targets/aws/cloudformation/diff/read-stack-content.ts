import type { PackageFile } from "../../../target.ts";
import { isJsonObject, toJson } from "../json.ts";
import { readTemplate } from "../read.ts";
import type { StackContent } from "./evaluate.ts";
import { textOf } from "./canonical.ts";

/** The stack that the files of a package describe: a template, and next to it a `.params.json` when it has parameters. */
export function readStackContent(files: readonly [PackageFile, ...PackageFile[]]): StackContent {
  const [main] = files;
  const parameters = files.find(({ name }) => name.endsWith(".params.json"));
  return {
    template: readTemplate(main.content, main.name),
    parameters: parameters === undefined ? {} : readParameters(parameters.content),
  };
}

function readParameters(content: string): Readonly<Record<string, string>> {
  const parsed: unknown = JSON.parse(content);
  const file = toJson(parsed);
  const values = isJsonObject(file) ? file["Parameters"] : undefined;
  if (values === undefined || !isJsonObject(values)) return {};
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]])));
}
