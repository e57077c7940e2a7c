/** Plain data, as JSON and CloudFormation know it. A key whose value is `undefined` counts as absent. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** An object of plain data. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Whether a value is an object with keys: neither a list nor null. */
export const isJsonObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** The plain data of any value made of objects, lists and scalars, without its absent keys. Throws a `TypeError` on anything else. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object") return toJsonObject(value);
  throw new TypeError(`a ${typeof value} is not plain data`);
}

/** As {@link toJson}, for an object. */
export function toJsonObject(value: object): JsonObject {
  const plain: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value)) if (entry !== undefined) plain[key] = toJson(entry);
  return plain;
}
