import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, DocumentOptions, ParseOptions, ScalarTag, SchemaOptions } from "yaml";
import { indentQuotedLines } from "../../../model/indent-quoted-lines.ts";
import { Problem } from "../../../model/problem.ts";
import type { Json, JsonObject } from "./json.ts";
import { isJsonObject, toJson } from "./json.ts";

// A plain scalar becomes a number only when writing the number gives the same text again: `0755` and `1e3` stay what they were.
const wholeNumber: ScalarTag = { tag: "tag:yaml.org,2002:int", default: true, test: /^(?:0|-?[1-9]\d{0,14})$/, resolve: Number };
const decimal: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^-?(?:0|[1-9]\d{0,9})\.\d{0,4}[1-9]$/,
  resolve: Number,
};
const truth: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:true|True|TRUE|false|False|FALSE)$/,
  resolve: (text) => text.toLowerCase() === "true",
};
const nothing: ScalarTag = { tag: "tag:yaml.org,2002:null", default: true, test: /^(?:~|null|Null|NULL)?$/, resolve: () => null };

/** How the text of a template is parsed, so that the scalars of its plain data print as they were written. */
export const templateReading: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: "failsafe",
  customTags: (tags) => [...tags, nothing, truth, wholeNumber, decimal],
  merge: true,
  // Templates that stand on AWS have keys twice; the last one counts there.
  uniqueKeys: false,
  logLevel: "silent",
};

/** The plain data of one node of a parsed document, for callers who need its place too. Throws a `Problem` on an alias without end. */
export function toPlainData(node: unknown, document: Document): Json {
  return toPlain(node, { document, depth: 0 });
}

/**
 * The plain data of a template's text, YAML or JSON; short intrinsic tags take their long form.
 * `name` is what a complaint calls the template. Throws a `Problem` when the text cannot be read.
 */
export function readTemplate(text: string, name: string): JsonObject {
  const document = parseDocument(text, templateReading);
  const [error] = document.errors;
  const indented = error === undefined ? text : indentQuotedLines(text);
  if (indented !== text) return readTemplate(indented, name);
  if (error !== undefined) throw new Problem("template-unreadable", `${name} cannot be read: ${error.message}`);
  const value = toPlainData(document.contents, document);
  if (!isJsonObject(value)) throw new Problem("template-unreadable", `${name} cannot be read: it is not a map of sections`);
  return value;
}

interface Reading {
  readonly document: Document;
  readonly depth: number;
}

/** Templates are shallow; what is deeper is an alias that contains itself. */
const deepest = 100;

function toPlain(node: unknown, reading: Reading): Json {
  if (reading.depth > deepest)
    throw new Problem("template-unreadable", `a template cannot be read: it is more than ${deepest} levels deep`);
  const inner = { ...reading, depth: reading.depth + 1 };
  if (isAlias(node)) return toPlain(node.resolve(reading.document), inner);
  if (isScalar(node)) return withTag(node.tag, toJson(node.value ?? null));
  if (isSeq(node))
    return withTag(
      node.tag,
      node.items.map((item) => toPlain(item, inner)),
    );
  if (!isMap(node)) return null;
  const plain: Record<string, Json> = {};
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : String(pair.key);
    const value = toPlain(pair.value, inner);
    if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") mergeInto(plain, value);
    else plain[key] = value;
  }
  return withTag(node.tag, plain);
}

/** YAML's merge key: what the map says itself wins. */
function mergeInto(target: Record<string, Json>, source: Json): void {
  for (const part of Array.isArray(source) ? source : [source]) {
    if (!isJsonObject(part)) continue;
    for (const [key, value] of Object.entries(part)) if (value !== undefined && !(key in target)) target[key] = value;
  }
}

function withTag(tag: string | undefined, value: Json): Json {
  if (tag === undefined || !tag.startsWith("!") || tag.startsWith("!!")) return value;
  const name = tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: value };
  if (name !== "GetAtt" || typeof value !== "string") return { [`Fn::${name}`]: value };
  const dot = value.indexOf(".");
  return { "Fn::GetAtt": dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
}
