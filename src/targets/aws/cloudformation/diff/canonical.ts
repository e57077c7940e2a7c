import { isJsonObject, type Json } from "../json.ts";

/** A scalar as YAML writes it; lists and maps as JSON. */
export function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** One text for each meaning: keys have no order, a number is its text, and what is empty is absent. */
export function canonical(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.length === 0 ? "" : `[${value.map((item: Json) => canonical(item)).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(textOf(value));
  const entries = Object.entries(value).flatMap(([key, entry]) => {
    const text = canonical(entry);
    return text === "" ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return entries.length === 0 ? "" : `{${entries.toSorted().join(",")}}`;
}
