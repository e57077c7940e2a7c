import { readIntrinsic } from "../intrinsics.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { textOf } from "./canonical.ts";

/** A template with the values of its parameters: what is known before CloudFormation has made anything. */
export interface StackContent {
  readonly template: JsonObject;
  /** Parameters that are not given have the template's defaults. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Stands for a value that a template leaves out (`AWS::NoValue`). */
const NOTHING = Symbol("nothing");

type Evaluated = Json | typeof NOTHING;

/** Fills in what a template says of itself: parameters, conditions, mappings. What only CloudFormation can know stays a function. */
export interface Evaluation {
  readonly evaluate: (value: Json) => Json | undefined;
  /** Whether a condition of the template holds; `undefined` when that cannot be told from here. */
  readonly holds: (condition: string) => boolean | undefined;
}

interface Known {
  readonly values: ReadonlyMap<string, Json>;
  readonly conditions: JsonObject;
  readonly mappings: JsonObject;
}

/** The evaluation of one stack. */
export function evaluationOf({ template, parameters }: StackContent): Evaluation {
  const known: Known = {
    values: parameterValues(section(template, "Parameters"), parameters),
    conditions: section(template, "Conditions"),
    mappings: section(template, "Mappings"),
  };
  return {
    evaluate: (value) => {
      const result = evaluate(value, known);
      return result === NOTHING ? undefined : result;
    },
    holds: (condition) => holds({ Condition: condition }, known, []),
  };
}

/** A section of a template; an absent one is empty. */
export function section(template: JsonObject, name: string): JsonObject {
  const value = template[name];
  return isJsonObject(value) ? value : {};
}

function parameterValues(declared: JsonObject, given: Readonly<Record<string, string>>): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  for (const [name, parameter] of Object.entries(declared)) {
    const { Type: type, Default: initial } = isJsonObject(parameter) ? parameter : {};
    const value = given[name] ?? initial;
    if (value === undefined) continue;
    const isListType = typeof type === "string" && (type === "CommaDelimitedList" || type.startsWith("List<"));
    values.set(name, isListType ? textOf(value).split(",") : value);
  }
  return values;
}

function evaluate(value: Json, known: Known): Evaluated {
  const intrinsic = readIntrinsic(value);
  if (intrinsic !== undefined) return evaluateIntrinsic(intrinsic, known);
  if (isList(value)) return value.map((item) => evaluate(item, known)).filter((item) => item !== NOTHING);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, entry]) => {
    const result = entry === undefined ? NOTHING : evaluate(entry, known);
    return result === NOTHING ? [] : [[key, result] as const];
  });
  return Object.fromEntries(entries);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function evaluateIntrinsic([key, argument]: readonly [string, Json], known: Known): Evaluated {
  if (key === "Ref") return argument === "AWS::NoValue" ? NOTHING : (known.values.get(textOf(argument)) ?? { Ref: argument });
  if (key === "Fn::If" && isList(argument)) return evaluateIf(argument, known);
  const inner = evaluate(argument, known);
  if (inner === NOTHING) return NOTHING;
  switch (key) {
    case "Fn::Sub":
      return substitute(inner, known);
    case "Fn::Join":
      return joined(inner);
    case "Fn::Split":
      return splitText(inner);
    case "Fn::Select":
      return selected(inner);
    case "Fn::FindInMap":
      return mapped(inner, known.mappings);
    default:
      return { [key]: inner };
  }
}

function evaluateIf([condition, then, otherwise]: readonly Json[], known: Known): Evaluated {
  const result = typeof condition === "string" ? holds({ Condition: condition }, known, []) : undefined;
  if (result !== undefined) return evaluate((result ? then : otherwise) ?? null, known);
  const branches = [then ?? null, otherwise ?? null].map((branch) => evaluate(branch, known));
  return { "Fn::If": [condition ?? null, ...branches.map((branch) => (branch === NOTHING ? { Ref: "AWS::NoValue" } : branch))] };
}

/** `${Name}` of a parameter is filled in; `${!Name}` and all others stay. */
function substitute(argument: Json, { values }: Known): Json {
  const [text, own] = isList(argument) ? argument : [argument];
  if (typeof text !== "string") return { "Fn::Sub": argument };
  const ownNames = own !== undefined && isJsonObject(own) ? own : {};
  const filled = text.replaceAll(/\$\{\s*([^!}][^}]*?)\s*\}/g, (whole, name: string) => {
    const value = ownNames[name] ?? values.get(name);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : whole;
  });
  if (!filled.includes("${")) return filled;
  return { "Fn::Sub": Object.keys(ownNames).length === 0 ? filled : [filled, ownNames] };
}

function joined(argument: Json): Json {
  const [delimiter, parts] = isList(argument) ? argument : [];
  const isKnown = typeof delimiter === "string" && parts !== undefined && isList(parts) && parts.every((part) => typeof part !== "object");
  return isKnown ? parts.join(delimiter) : { "Fn::Join": argument };
}

function splitText(argument: Json): Json {
  const [delimiter, text] = isList(argument) ? argument : [];
  return typeof delimiter === "string" && typeof text === "string" ? text.split(delimiter) : { "Fn::Split": argument };
}

function selected(argument: Json): Json {
  const [index, list] = isList(argument) ? argument : [];
  const found = list !== undefined && isList(list) && typeof index !== "object" ? list[Number(index)] : undefined;
  return found ?? { "Fn::Select": argument };
}

function mapped(argument: Json, mappings: JsonObject): Json {
  let found: Json | undefined = mappings;
  for (const step of isList(argument) ? argument : []) {
    found = found !== undefined && isJsonObject(found) && typeof step !== "object" ? found[String(step)] : undefined;
  }
  return found === undefined || found === mappings ? { "Fn::FindInMap": argument } : found;
}

/** `open` are the conditions being looked at, so that one which names itself comes to an end. */
function holds(condition: Json, known: Known, open: readonly string[]): boolean | undefined {
  const [key, argument] = readIntrinsic(condition) ?? [];
  if (key === "Condition" && typeof argument === "string") {
    const named = known.conditions[argument];
    return named === undefined || open.includes(argument) ? undefined : holds(named, known, [...open, argument]);
  }
  if (argument === undefined || !isList(argument)) return undefined;
  if (key === "Fn::Equals") {
    const [left, right] = argument.map((side) => evaluate(side, known));
    return isText(left) && isText(right) ? String(left) === String(right) : undefined;
  }
  const parts = argument.map((part) => holds(part, known, open));
  if (key === "Fn::Not") return parts[0] === undefined ? undefined : !parts[0];
  if (key === "Fn::And") return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  if (key === "Fn::Or") return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  return undefined;
}

const isText = (value: Evaluated | undefined): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
