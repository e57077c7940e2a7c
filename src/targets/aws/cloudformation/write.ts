import { Document, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Node } from "yaml";
import { readIntrinsic } from "./intrinsics.ts";
import type { Json, JsonObject } from "./json.ts";

/** The text of a template, with intrinsic functions as short tags where YAML lets them be. */
export function writeTemplate(template: JsonObject): string {
  // CloudFormation reads YAML 1.1: with its schema, texts such as `yes` or `2012-10-17` get the quotes that keep them texts.
  const document = new Document(null, { schema: "yaml-1.1", customTags: ["timestamp"] });
  document.contents = toNode(template);
  return document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: false });
}

function toNode(value: Json): Node {
  const intrinsic = readIntrinsic(value);
  if (intrinsic !== undefined) return toIntrinsicNode(intrinsic[0], intrinsic[1]);
  if (isList(value)) return toSequence(value);
  if (typeof value === "object" && value !== null) return toMap(value);
  return toScalar(value);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function toScalar(value: string | number | boolean | null): Scalar {
  const scalar = new Scalar(value);
  if (typeof value === "string" && value.includes("\n")) scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

function toSequence(values: readonly Json[]): YAMLSeq {
  const sequence = new YAMLSeq();
  sequence.items = values.map(toNode);
  sequence.flow = values.length === 0;
  return sequence;
}

function toMap(value: JsonObject): YAMLMap {
  const map = new YAMLMap();
  for (const [key, entry] of Object.entries(value)) if (entry !== undefined) map.add({ key: new Scalar(key), value: toNode(entry) });
  map.flow = map.items.length === 0;
  return map;
}

/** A node has one tag only, so a function whose argument is a function keeps its long form. */
function toIntrinsicNode(key: string, argument: Json): Node {
  const tag = `!${key.replace("Fn::", "")}`;
  if (key === "Fn::GetAtt" && isList(argument) && argument.every((part) => typeof part === "string")) {
    return tagged(toScalar(argument.join(".")), tag);
  }
  const node = toNode(argument);
  if (node.tag === undefined) return tagged(node, tag);
  const map = new YAMLMap();
  map.add({ key: new Scalar(key), value: node });
  return map;
}

function tagged<T extends Node>(node: T, tag: string): T {
  node.tag = tag;
  return node;
}
