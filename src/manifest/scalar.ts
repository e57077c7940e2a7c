import type { ScalarNode } from "./tree.ts";

/**
 * What a scalar means by itself, after the rules that manifests have always been read by (YAML 1.2's core schema with octal `010`,
 * `1_000` and dates). A field that wants text takes the written text whatever it means here.
 */
export type ScalarMeaning =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "date" }
  | { readonly kind: "text" };

const nulls: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
const trues: ReadonlySet<string> = new Set(["true", "True", "TRUE"]);
const falses: ReadonlySet<string> = new Set(["false", "False", "FALSE"]);
const floatPattern = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const datePattern = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?$/;
const integerPattern = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/;
const text: ScalarMeaning = { kind: "text" };

function readInteger(written: string): number | undefined {
  const match = integerPattern.exec(written.replaceAll("_", ""));
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const digits = hexadecimal ?? binary ?? octal ?? decimal ?? "";
  const base = hexadecimal !== undefined ? 16 : binary !== undefined ? 2 : octal !== undefined ? 8 : 10;
  const value = Number.parseInt(digits, base);
  return sign === "-" ? -value : value;
}

/** Reads a scalar by its written text and style. */
export function meaningOf(node: Pick<ScalarNode, "text" | "style" | "tag">): ScalarMeaning {
  if (node.style !== "plain" || node.tag !== undefined) return text;
  const written = node.text;
  if (nulls.has(written)) return { kind: "null" };
  if (trues.has(written)) return { kind: "boolean", value: true };
  if (falses.has(written)) return { kind: "boolean", value: false };
  if (datePattern.test(written)) return { kind: "date" };
  const integer = readInteger(written);
  if (integer !== undefined) return { kind: "integer", value: integer };
  const plain = written.replaceAll("_", "");
  if (floatPattern.test(plain)) return { kind: "float", value: Number(plain) };
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(written)) return { kind: "float", value: written.startsWith("-") ? -Infinity : Infinity };
  if (/^\.(?:nan|NaN|NAN)$/.test(written)) return { kind: "float", value: Number.NaN };
  return text;
}

/** A boolean where a field wants one: there, and only there, `yes`, `on` and their opposites count, even quoted. */
export function readBoolean(node: ScalarNode): boolean | undefined {
  const meaning = meaningOf(node);
  if (meaning.kind === "boolean") return meaning.value;
  if (meaning.kind !== "text") return undefined;
  if (["y", "Y", "yes", "on"].includes(node.text)) return true;
  if (["n", "N", "no", "off"].includes(node.text)) return false;
  return undefined;
}

/** A whole number where a field wants one; a fraction is cut off, as it has always been. */
export function readWholeNumber(node: ScalarNode): number | undefined {
  const meaning = meaningOf(node);
  if (meaning.kind === "integer") return meaning.value;
  return meaning.kind === "float" && Number.isFinite(meaning.value) ? Math.trunc(meaning.value) : undefined;
}

/** A number where a field wants one. */
export function readNumber(node: ScalarNode): number | undefined {
  const meaning = meaningOf(node);
  return meaning.kind === "integer" || meaning.kind === "float" ? meaning.value : undefined;
}
