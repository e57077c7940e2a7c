import { readIntrinsic } from "./intrinsics.ts";
import type { Json, JsonObject } from "./json.ts";
import { isJsonObject } from "./json.ts";

/**
 * The text of a template, with intrinsic functions as short tags where YAML lets them be. Written here and not by a library because
 * fifty services in three environments take the library eight seconds.
 */
export function writeTemplate(template: JsonObject): string {
  const lines: string[] = [];
  writeEntries(template, "", { lines, indent: "" });
  return `${lines.join("\n")}\n`;
}

interface Writing {
  readonly lines: string[];
  /** What the lines of the value start with. */
  readonly indent: string;
}

const deeper = ({ lines, indent }: Writing): Writing => ({ lines, indent: `${indent}  ` });

/** Writes a map's entries. `first` stands in place of the indent of the first one, where a list item begins with it. */
function writeEntries(map: JsonObject, first: string, writing: Writing): void {
  let start = first === "" ? writing.indent : first;
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    writeAfter(`${start}${writeText(key)}:`, value, writing);
    start = writing.indent;
  }
}

/** Writes a value behind `prefix`, which ends in a colon, a hyphen or a tag. */
function writeAfter(prefix: string, value: Json, writing: Writing): void {
  const intrinsic = readIntrinsic(value);
  if (intrinsic !== undefined) return writeIntrinsic(prefix, intrinsic, writing);
  if (typeof value === "string" && isBlock(value)) return writeBlock(prefix, value, writing);
  if (isList(value)) return writeList(prefix, value, writing);
  if (!isJsonObject(value)) {
    writing.lines.push(`${prefix} ${typeof value === "string" ? writeText(value) : String(value)}`);
    return;
  }
  if (isEmpty(value)) {
    writing.lines.push(`${prefix} {}`);
  } else if (prefix.endsWith("-")) {
    writeEntries(value, `${prefix} `, deeper(writing));
  } else {
    writing.lines.push(prefix);
    writeEntries(value, "", deeper(writing));
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const isEmpty = (map: JsonObject): boolean => Object.values(map).every((value) => value === undefined);

/** A list in a list begins on the line of its item, but for one with a tag. */
function writeList(prefix: string, values: readonly Json[], writing: Writing): void {
  const items = deeper(writing);
  if (values.length === 0) {
    writing.lines.push(`${prefix} []`);
    return;
  }
  let start = `${items.indent}-`;
  if (prefix.endsWith("-")) start = `${prefix} -`;
  else writing.lines.push(prefix);
  for (const value of values) {
    writeAfter(start, value, items);
    start = `${items.indent}-`;
  }
}

/** A node has one tag only, so a function whose argument is a function keeps its long form. */
function writeIntrinsic(prefix: string, [key, argument]: readonly [string, Json], writing: Writing): void {
  const tagged = `${prefix} !${key.replace("Fn::", "")}`;
  if (key === "Fn::GetAtt" && isList(argument) && argument.every((part) => typeof part === "string")) {
    writing.lines.push(`${tagged} ${writeText(argument.join("."))}`);
  } else if (readIntrinsic(argument) === undefined) {
    writeAfter(tagged, argument, writing);
  } else {
    writeAfterTagless(prefix, key, { argument, writing });
  }
}

function writeAfterTagless(
  prefix: string,
  key: string,
  { argument, writing }: { readonly argument: Json; readonly writing: Writing },
): void {
  const inner = deeper(writing);
  if (prefix.endsWith("-")) return writeAfter(`${prefix} ${key}:`, argument, inner);
  writing.lines.push(prefix);
  writeAfter(`${inner.indent}${key}:`, argument, inner);
}

/** A text of several lines that a block shows as it is. YAML 1.1 ends a line at U+2028 and U+2029 too. */
const isBlock = (text: string): boolean => text.includes("\n") && /^[^\s\p{C}](?:[^\p{C}\u2028\u2029]|\n)*$/u.test(text);

function writeBlock(prefix: string, text: string, writing: Writing): void {
  const ending = /\n*$/.exec(text)?.[0].length ?? 0;
  const chomping = ending === 0 ? "-" : ending === 1 ? "" : "+";
  const lines = (ending === 0 ? text : text.slice(0, -1)).split("\n");
  const { indent } = deeper(writing);
  writing.lines.push(`${prefix} |${chomping}`, ...lines.map((line) => (line === "" ? "" : indent + line)));
}

/** Plain scalars that no YAML reads as anything but the text. CloudFormation reads YAML 1.1, where `yes`, `012` and `12:30` are none. */
const plain = /^[A-Za-z_/$][\w/.$:{}*@+=()~^?!|;,'"&%<>\\[\] -]*$/;
const misleading = /: |[ :]$|^(?:true|false|yes|no|on|off|y|n|null|nil)$/i;

function writeText(text: string): string {
  if (plain.test(text) && !misleading.test(text)) return text;
  return /[\n\p{C}\p{Z}]/u.test(text.replaceAll(" ", "")) ? quoteWithEscapes(text) : `'${text.replaceAll("'", "''")}'`;
}

/** JSON's escapes are YAML's too, but for characters that JSON lets stand and YAML does not. */
const quoteWithEscapes = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
