import { isMap, type YAMLMap } from "yaml";
import type { Diagnostic } from "../model/diagnostic.ts";
import { rangeOf, scalarText, type TemplateSource } from "../targets/aws/cloudformation/template-source.ts";

/** The keys of a map that stand in it before, as errors; `path` is the map's own. Maps inside are not looked at. */
export function repeatedKeys(document: TemplateSource, map: YAMLMap, path: string): readonly Diagnostic[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }): Diagnostic[] => {
    const name = scalarText(key) ?? "";
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `\`${name}\` stands twice in ${path === "" ? "this file" : `\`${path}\``}`;
    return [{ severity: "error", code: "duplicate-key", message, path: `${path}.${name}`.replace(/^\./, ""), at: rangeOf(document, key) }];
  });
}

/** Keys that stand twice in an entry of one of these sections, such as a resource, or parameters that do. */
export function repeatedEntryKeys(sections: readonly string[], document: TemplateSource): readonly Diagnostic[] {
  const { root } = document;
  if (!isMap(root)) return [];
  const parameters = root.get("Parameters", true);
  const names = isMap(parameters) ? repeatedKeys(document, parameters, "Parameters") : [];
  const inside = sections.flatMap((section) => {
    const entries = root.get(section, true);
    if (!isMap(entries)) return [];
    return entries.items.flatMap(({ key, value }) =>
      isMap(value) ? repeatedKeys(document, value, `${section}.${scalarText(key) ?? ""}`) : [],
    );
  });
  return [...names, ...inside];
}
