import { readIntrinsic } from "../intrinsics.ts";
import { isJsonObject, type Json } from "../json.ts";

/** Logical IDs and parameters that a value refers to by `Ref`, `GetAtt` or `Sub`. */
export function referencedResources(value: Json): ReadonlySet<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: Json, found: Set<string>): void {
  const [key, argument] = readIntrinsic(value) ?? [];
  if (key === "Ref" && typeof argument === "string") found.add(argument);
  if (key === "Fn::GetAtt" && argument !== undefined) found.add(resourceOf(argument));
  if (key === "Fn::Sub" && argument !== undefined) {
    const text: Json | undefined = Array.isArray(argument) ? argument[0] : argument;
    if (typeof text === "string") for (const [, name = ""] of text.matchAll(/\$\{\s*([^!}.\s]+)[^}]*\}/g)) found.add(name);
  }
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (isJsonObject(value)) for (const entry of Object.values(value)) if (entry !== undefined) collect(entry, found);
}

function resourceOf(argument: Json): string {
  const name: Json | undefined = Array.isArray(argument) ? argument[0] : argument;
  return typeof name === "string" ? (name.split(".")[0] ?? name) : "";
}
