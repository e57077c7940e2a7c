import { readOptionalText, type ResourceProperties } from "./event.ts";

/** Host names by workload, as the environment stack's parameter `Aliases` keeps them in a JSON text. */
export type AliasesByWorkload = Readonly<Record<string, readonly string[]>>;

/** Reads such a text; an empty one is no aliases. */
export function parseAliases(text: string | undefined): AliasesByWorkload {
  const value = parseJson(text === undefined || text === "" ? "{}" : text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`Cannot parse ${text} into aliases by workload`);
  return Object.fromEntries(
    Object.entries(value).map(([workload, aliases]: [string, unknown]) => {
      const names: readonly unknown[] = Array.isArray(aliases) ? aliases : [aliases];
      return [workload, names.filter((name) => typeof name === "string")];
    }),
  );
}

/** All host names in the property `Aliases`, each once, in the order of the text. */
export function readAllAliases(properties: ResourceProperties | undefined): readonly string[] {
  const text = properties === undefined ? undefined : readOptionalText(properties, "Aliases");
  return [...new Set(Object.values(parseAliases(text)).flat())];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${text} into JSON format`, { cause: error });
  }
}
