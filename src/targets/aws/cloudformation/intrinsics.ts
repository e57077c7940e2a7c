import type { Json } from "./json.ts";

/** `!Ref`: a parameter's value, or what a resource is known by. */
export type Ref = { readonly Ref: string };
/** `!GetAtt`: an attribute of a resource. */
export type GetAtt = { readonly "Fn::GetAtt": readonly [resource: string, attribute: string] };
/** `!Sub`: a text with `${…}` filled in. */
export type Sub = { readonly "Fn::Sub": string | readonly [text: string, variables: { readonly [name: string]: Text }] };
/** `!Join`: texts with a delimiter between them. */
export type Join = { readonly "Fn::Join": readonly [delimiter: string, parts: Lookup | readonly Text[]] };
/** `!Select`: one entry of a list. */
export type Select = { readonly "Fn::Select": readonly [index: number | Lookup, list: Lookup | readonly Text[]] };
/** `!Split`: the parts of a text. */
export type Split = { readonly "Fn::Split": readonly [delimiter: string, text: Text] };
/** `!ImportValue`: what another stack exports. */
export type ImportValue = { readonly "Fn::ImportValue": Text };
/** `!FindInMap`: an entry of the template's mappings. */
export type FindInMap = { readonly "Fn::FindInMap": readonly [map: string, first: Text, second: Text] };
/** `!GetAZs`: the availability zones of a region. */
export type GetAzs = { readonly "Fn::GetAZs": Text };
/** `!Base64`: a text, encoded. */
export type Base64 = { readonly "Fn::Base64": Text };
/** `!If`: one of two values, by a condition of the template. */
export type If<T> = { readonly "Fn::If": readonly [condition: string, then: Value<T>, otherwise: Value<T>] };

/** An intrinsic function whose result the type system does not know. */
export type Lookup = Ref | GetAtt | Sub | Join | Select | Split | ImportValue | FindInMap | GetAzs | Base64 | LookupIf;
type LookupIf = { readonly "Fn::If": readonly [condition: string, then: Lookup, otherwise: Lookup] };
/** A value, or an intrinsic function that gives one. */
export type Value<T> = T | Lookup | If<T>;
/** A text, or an intrinsic function that gives one. */
export type Text = Value<string>;

/** A function that the `Conditions` section may hold. */
export type ConditionFunction =
  | { readonly "Fn::Equals": readonly [Text, Text] }
  | { readonly "Fn::Not": readonly [ConditionFunction] }
  | { readonly "Fn::And": readonly ConditionFunction[] }
  | { readonly "Fn::Or": readonly ConditionFunction[] }
  | { readonly Condition: string };

/** `!Ref` to a parameter, resource or pseudo parameter. */
export const ref = (name: string): Ref => ({ Ref: name });
/** `!GetAtt resource.attribute`. */
export const getAtt = (resource: string, attribute: string): GetAtt => ({ "Fn::GetAtt": [resource, attribute] });
/** `!Sub text`; `variables` are those that only this text knows. */
export const sub = (text: string, variables?: Readonly<Record<string, Text>>): Sub => ({
  "Fn::Sub": variables === undefined ? text : [text, variables],
});
/** `!Join [delimiter, parts]`. */
export const join = (delimiter: string, parts: Lookup | readonly Text[]): Join => ({ "Fn::Join": [delimiter, parts] });
/** `!Select [index, list]`. */
export const select = (index: number | Lookup, list: Lookup | readonly Text[]): Select => ({ "Fn::Select": [index, list] });
/** `!Split [delimiter, text]`. */
export const split = (delimiter: string, text: Text): Split => ({ "Fn::Split": [delimiter, text] });
/** `!ImportValue name`. */
export const importValue = (name: Text): ImportValue => ({ "Fn::ImportValue": name });
/** `!FindInMap [map, first, second]`. */
export const findInMap = (map: string, first: Text, second: Text): FindInMap => ({ "Fn::FindInMap": [map, first, second] });
/** `!GetAZs region`; an empty region is the stack's own. */
export const getAzs = (region: Text): GetAzs => ({ "Fn::GetAZs": region });
/** `!Base64 text`. */
export const base64 = (text: Text): Base64 => ({ "Fn::Base64": text });
/** `!If [condition, then, otherwise]`. */
export const ifElse = <T>(condition: string, then: Value<T>, otherwise: Value<T>): If<T> => ({ "Fn::If": [condition, then, otherwise] });

/** `!Equals [left, right]`. */
export const equals = (left: Text, right: Text): ConditionFunction => ({ "Fn::Equals": [left, right] });
/** `!Not [condition]`. */
export const not = (condition: ConditionFunction): ConditionFunction => ({ "Fn::Not": [condition] });
/** `!And conditions`. */
export const and = (...conditions: readonly ConditionFunction[]): ConditionFunction => ({ "Fn::And": conditions });
/** `!Condition name`: another condition of the template. */
export const conditionNamed = (name: string): ConditionFunction => ({ Condition: name });

/** `!Ref AWS::NoValue`: leaves a property or list entry out. */
export const noValue = ref("AWS::NoValue");
/** The account of the stack. */
export const accountId = ref("AWS::AccountId");
/** The region of the stack. */
export const region = ref("AWS::Region");
/** The partition of the stack: `aws`, `aws-cn` or `aws-us-gov`. */
export const partition = ref("AWS::Partition");
/** The name of the stack. */
export const stackName = ref("AWS::StackName");

const intrinsicKeys: ReadonlySet<string> = new Set([
  "Ref",
  "Condition",
  ...["GetAtt", "Sub", "Join", "Select", "Split", "ImportValue", "FindInMap", "GetAZs", "Base64", "If", "Equals", "Not", "And", "Or"].map(
    (name) => `Fn::${name}`,
  ),
  ...["Cidr", "Transform", "Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll", "Length", "ToJsonString"].map(
    (name) => `Fn::${name}`,
  ),
]);

/** The function's key and argument when `value` is an intrinsic function in its long form, e.g. `["Fn::Sub", "${AppName}"]`. */
export function readIntrinsic(value: Json): readonly [key: string, argument: Json] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length !== 1 || only === undefined || !intrinsicKeys.has(only[0]) || only[1] === undefined) return undefined;
  if ((only[0] === "Ref" || only[0] === "Condition") && typeof only[1] !== "string") return undefined;
  return [only[0], only[1]];
}
