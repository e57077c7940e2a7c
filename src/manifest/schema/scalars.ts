import { parseDuration } from "../../model/duration.ts";
import { meaningOf, readBoolean, readNumber, readWholeNumber } from "../scalar.ts";
import type { Node } from "../tree.ts";
import { complain, complainOfType, describeNode, droppedValue } from "./schema.ts";
import type { DecodeContext, Schema, Shape } from "./schema.ts";
import { listNames, nearestName } from "./suggestion.ts";

/** What a text has to satisfy. `noun` reads "a CIDR block"; `problem` says why a text will not do, after its value. */
export interface TextRules {
  readonly noun?: string;
  readonly pattern?: string;
  readonly problem?: (text: string) => string | undefined;
  readonly minLength?: number;
  readonly emptyIsUnset?: boolean;
  readonly examples?: readonly string[];
  /** Numbers, booleans and dates are none, unless they are quoted. */
  readonly strict?: boolean;
}

/** A text. Numbers, booleans and dates keep the text that was written: `1.0` stays `1.0`. */
export function text(rules: TextRules = {}): Schema<string> {
  const { noun = "a text", problem, strict = false, ...bounds } = rules;
  const shape: Shape = { kind: "text", noun, ...bounds };
  return {
    shape,
    decode: (node, context) => {
      const value = readText(node, context, noun);
      if (value === undefined) return droppedValue(context, "");
      if (strict && node.kind === "scalar" && meaningOf(node).kind !== "text")
        return refuse(node, context, `Expected ${noun}, found ${describeNode(node)}: put it in quotes.`);
      if (value.length < (bounds.minLength ?? 0)) return refuse(node, context, `Expected ${noun}, found an empty text.`);
      const reason = context.trusting === true ? undefined : problem?.(value);
      return reason === undefined ? value : refuse(node, context, reason);
    },
  };
}

function readText(node: Node, context: DecodeContext, noun: string): string | undefined {
  if (node.kind === "scalar") return node.text;
  complainOfType(node, context, noun);
  return undefined;
}

function refuse(node: Node, context: DecodeContext, message: string): undefined {
  complain(node, context, { code: "invalid-value", message });
  return undefined;
}

/** One of some words; with `ignoreCase`, the value is the listed spelling whatever case was written. */
export function choice<const C extends readonly string[]>(choices: C, options: { readonly ignoreCase?: boolean } = {}): Schema<C[number]> {
  const noun = listNames(choices);
  const known: readonly C[number][] = choices;
  const ignoreCase = options.ignoreCase === true;
  return {
    shape: { kind: "text", noun, choices, ...(ignoreCase ? { ignoreCase } : {}) },
    decode: (node, context) => {
      const value = readText(node, context, noun);
      if (value === undefined) return undefined;
      const found = known.find((candidate) => candidate === value || (ignoreCase && candidate.toLowerCase() === value.toLowerCase()));
      if (found !== undefined) return found;
      const nearest = nearestName(value, choices);
      complain(node, context, {
        code: "invalid-value",
        message: `Expected ${noun}, found ${describeNode(node)}.`,
        ...(nearest === undefined ? {} : { hint: `Did you mean \`${nearest}\`?` }),
      });
      return undefined;
    },
  };
}

/** Bounds of a whole number, both included. */
export interface IntegerRules {
  readonly min?: number;
  readonly max?: number;
  /** What it counts, e.g. `a port`. */
  readonly noun?: string;
}

/** A whole number: `256`, `0x10`, `010` (eight), `1_000`; a fraction is cut off; quoted digits are text, and refused. */
export function integer(rules: IntegerRules = {}): Schema<number> {
  const { min = -2_147_483_648, max = 2_147_483_647, noun = "a whole number" } = rules;
  return {
    shape: { kind: "integer", min, max },
    decode: (node, context) => {
      const value = node.kind === "scalar" ? readWholeNumber(node) : undefined;
      if (value === undefined) {
        complainOfType(node, context, noun);
        return droppedValue(context, 0);
      }
      if (value >= min && value <= max) return value;
      return refuse(node, context, `Expected ${noun} from ${min} to ${max}, found ${value}.`);
    },
  };
}

/** A port number. */
export const port = (): Schema<number> => integer({ min: 0, max: 65_535, noun: "a port number" });

/** A number, with or without a fraction. */
export function decimal(): Schema<number> {
  return {
    shape: { kind: "number" },
    decode: (node, context) => {
      const value = node.kind === "scalar" ? readNumber(node) : undefined;
      if (value !== undefined) return value;
      complainOfType(node, context, "a number");
      return droppedValue(context, 0);
    },
  };
}

/** A boolean; `yes`, `no`, `on` and `off` count too. */
export function flag(): Schema<boolean> {
  return {
    shape: { kind: "boolean" },
    decode: (node, context) => {
      const value = node.kind === "scalar" ? readBoolean(node) : undefined;
      if (value !== undefined) return value;
      complainOfType(node, context, "`true` or `false`");
      return droppedValue(context, false);
    },
  };
}

/** A duration with units such as `1m30s`, read in seconds; a bare number has no unit and is refused. */
export function duration(): Schema<number> {
  return {
    shape: { kind: "duration" },
    decode: (node, context) => {
      const milliseconds = node.kind === "scalar" && meaningOf(node).kind === "text" ? parseDuration(node.text) : undefined;
      if (milliseconds === undefined) {
        const bare = node.kind === "scalar" && readNumber(node) !== undefined;
        complainOfType(node, context, bare ? "a duration with its unit, such as `10s`" : "a duration such as `1m30s`");
        return droppedValue(context, 0);
      }
      return milliseconds / 1000;
    },
  };
}

/** Any YAML at all, as plain data. */
export function anything(): Schema<unknown> {
  return { shape: { kind: "anything" }, decode: (node) => toData(node) };
}

/** `node` as plain data, each scalar by what it means by itself. A tag such as `!Ref` takes its long form, as JSON has it. */
export function toData(node: Node): unknown {
  const data = toUntaggedData(node);
  if (node.tag === undefined || !node.tag.startsWith("!")) return data;
  const name = node.tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: data };
  if (name !== "GetAtt" || typeof data !== "string") return { [`Fn::${name}`]: data };
  const [resource, ...attribute] = data.split(".");
  return { "Fn::GetAtt": [resource, attribute.join(".")] };
}

function toUntaggedData(node: Node): unknown {
  if (node.kind === "list") return node.items.map(toData);
  if (node.kind === "map") return Object.fromEntries(node.entries.map((entry) => [entry.key, toData(entry.value)]));
  const meaning = meaningOf(node);
  switch (meaning.kind) {
    case "null":
      return null;
    case "boolean":
    case "integer":
    case "float":
      return meaning.value;
    default:
      return node.text;
  }
}
