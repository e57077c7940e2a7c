import type { Json, JsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import { isJsonObject } from "../../src/targets/aws/cloudformation/json.ts";

/** One thing that a policy allows or denies, with where it stands. */
export interface Grant {
  /** Logical ID of the role, policy or resource that has it. */
  readonly owner: string;
  readonly effect: string;
  readonly principal: string;
  /** With a `!` in front where everything but these actions is meant. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Each condition as text, e.g. `StringEquals aws:ResourceTag/copilot-application "${AppName}"`. */
  readonly conditions: readonly string[];
}

/** Every statement of every policy in a template: of roles and policies, and of resources that have a policy of their own. */
export function grantsOf(template: JsonObject): readonly Grant[] {
  const resources = isJsonObject(template["Resources"]) ? template["Resources"] : {};
  return Object.entries(resources).flatMap(([owner, resource]) =>
    statementsIn(resource ?? null).map((statement) => toGrant(owner, statement)),
  );
}

function statementsIn(value: Json): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (!isJsonObject(value)) return [];
  if (typeof value["Effect"] === "string" && (value["Action"] !== undefined || value["NotAction"] !== undefined)) return [value];
  return Object.values(value).flatMap((entry) => statementsIn(entry ?? null));
}

const toList = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const toText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(oneSpelling(value)));

/** `!Sub ${X}` and `!Ref X` say the same. */
function oneSpelling(value: Json): Json {
  if (Array.isArray(value)) return value.map(oneSpelling);
  if (!isJsonObject(value)) return value;
  const only = typeof value["Fn::Sub"] === "string" ? /^\$\{([A-Za-z0-9:]+)\}$/.exec(value["Fn::Sub"])?.[1] : undefined;
  if (only !== undefined) return { Ref: only };
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, oneSpelling(entry ?? null)]));
}

function toGrant(owner: string, statement: JsonObject): Grant {
  const { Effect: effect, Action: action, NotAction: others } = statement;
  const actions = action === undefined ? toList(others).map((name) => `!${toText(name)}`) : toList(action).map(toText);
  return {
    owner,
    effect: toText(effect ?? ""),
    principal: JSON.stringify(oneSpelling(statement["Principal"] ?? statement["NotPrincipal"] ?? null)),
    actions: actions.map((name) => name.toLowerCase()),
    resources: toList(statement["Resource"]).map(toText),
    conditions: conditionsOf(statement["Condition"]),
  };
}

const conditionsOf = (condition: Json | undefined): readonly string[] =>
  !isJsonObject(condition)
    ? []
    : Object.entries(condition).flatMap(([operator, keys]) =>
        isJsonObject(keys) ? Object.entries(keys).map(([key, value]) => `${operator} ${key} ${JSON.stringify(toText(value ?? null))}`) : [],
      );

const toPattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join(".*")}$`,
    "s",
  );

/** Whether `wide` has everything that `narrow` has: a `*` in it stands for any text. */
const covers = (wide: readonly string[], narrow: readonly string[]): boolean =>
  narrow.every((text) => wide.some((other) => other === text || toPattern(other).test(text)));

/** Whether all that `grant` allows is allowed by `other` too. */
const isWithin = (grant: Grant, other: Grant): boolean =>
  grant.effect === other.effect &&
  grant.principal === other.principal &&
  covers(other.actions, grant.actions) &&
  covers(other.resources, grant.resources) &&
  other.conditions.every((condition) => grant.conditions.includes(condition));

/** How the grants of a template stand to those of the original's. */
export interface WidthReport {
  /** What is allowed and was not, or is denied no more. */
  readonly wider: readonly string[];
  /** What is allowed in fewer cases than it was. */
  readonly narrower: readonly string[];
}

/** Compares the grants of two templates, owner by owner. */
export function compareWidths(expected: readonly Grant[], actual: readonly Grant[]): WidthReport {
  const wider: string[] = [];
  const narrower: string[] = [];
  for (const grant of actual) {
    const others = expected.filter(({ owner, effect }) => owner === grant.owner && effect === grant.effect);
    const isSame = others.some((other) => isWithin(grant, other) && isWithin(other, grant));
    if (isSame) continue;
    if (grant.effect === "Deny") narrower.push(toLine(grant));
    else (others.some((other) => isWithin(grant, other)) ? narrower : wider).push(toLine(grant));
  }
  for (const denied of expected.filter(({ effect }) => effect === "Deny")) {
    const isKept = actual.some((grant) => grant.owner === denied.owner && isWithin(denied, grant));
    if (!isKept) wider.push(`no more: ${toLine(denied)}`);
  }
  return { wider, narrower };
}

const toLine = ({ owner, effect, actions, resources, conditions }: Grant): string =>
  `${owner}: ${effect} ${actions.join(", ")} on ${resources.join(", ")}${conditions.length === 0 ? "" : ` if ${conditions.join(" and ")}`}`;
