import { replacementProperties } from "./replacement-properties.ts";

/** What a change of some properties does to a resource, and the properties that decide it. Of unknown types, an update is assumed. */
export function replacementOf(
  type: string,
  changed: readonly string[],
): { readonly effect: "update" | "replace" | "may-replace"; readonly causes: readonly string[] } {
  const { always = [], maybe = [] } = replacementProperties[type] ?? {};
  const certain = changed.filter((name) => always.includes(name));
  if (certain.length > 0) return { effect: "replace", causes: certain };
  const possible = changed.filter((name) => maybe.includes(name));
  return possible.length > 0 ? { effect: "may-replace", causes: possible } : { effect: "update", causes: [] };
}
