import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { canonical } from "./canonical.ts";
import { evaluationOf, section, type StackContent } from "./evaluate.ts";
import { referencedResources } from "./references.ts";
import { replacementOf } from "./replacement.ts";
import { compareOutputs, compareParameters, type ValueChange } from "./value-changes.ts";

/** What a deployment does to a resource. */
export type ResourceEffect =
  | "create"
  | "update"
  /** Made anew under another identity, the old one deleted. */
  | "replace"
  /** Made anew or not, by rules that only the service knows or because something it refers to changes. */
  | "may-replace"
  | "delete"
  /** Taken out of the stack, and left where it is. */
  | "retain";

/** One resource that a deployment touches. */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly effect: ResourceEffect;
  /** Properties that change; other attributes of the resource under their names. */
  readonly changed: readonly string[];
  /** Those of them for which it is replaced. */
  readonly causes: readonly string[];
}

/** What a deployment would do to a stack. */
export interface StackChanges {
  readonly resources: readonly ResourceChange[];
  /** Values of `NoEcho` parameters are masked. */
  readonly parameters: readonly ValueChange[];
  readonly outputs: readonly ValueChange[];
}

/** Compares a stack with what shall become of it. Resources whose condition does not hold do not count as being there. */
export function compareStacks(before: StackContent | undefined, after: StackContent): StackChanges {
  const old = before ?? { template: {}, parameters: {} };
  return {
    resources: compareResources(resourcesOf(old), resourcesOf(after)),
    parameters: compareParameters(old, after),
    outputs: compareOutputs(old, after),
  };
}

/** Whether nothing changes. */
export function isUnchanged({ resources, parameters, outputs }: StackChanges): boolean {
  return resources.length + parameters.length + outputs.length === 0;
}

interface KnownResource {
  readonly type: string;
  readonly properties: JsonObject;
  /** `DependsOn`, `DeletionPolicy` and the like; descriptions left out. */
  readonly attributes: JsonObject;
}

function resourcesOf(content: StackContent): ReadonlyMap<string, KnownResource> {
  const evaluation = evaluationOf(content);
  const resources = new Map<string, KnownResource>();
  for (const [logicalId, resource] of Object.entries(section(content.template, "Resources"))) {
    if (!isJsonObject(resource)) continue;
    const { Type: type, Properties: properties, Condition: condition, Metadata: _, ...attributes } = resource;
    if (typeof condition === "string" && evaluation.holds(condition) === false) continue;
    const evaluated = evaluation.evaluate(properties ?? {});
    resources.set(logicalId, {
      type: typeof type === "string" ? type : "",
      properties: evaluated !== undefined && isJsonObject(evaluated) ? evaluated : {},
      attributes,
    });
  }
  return resources;
}

type Resources = ReadonlyMap<string, KnownResource>;

function compareResources(before: Resources, after: Resources): readonly ResourceChange[] {
  const changes = new Map<string, ResourceChange>();
  for (const logicalId of [...new Set([...before.keys(), ...after.keys()])].toSorted()) {
    const change = compareResource(logicalId, before.get(logicalId), after.get(logicalId));
    if (change !== undefined) changes.set(logicalId, change);
  }
  followReferences(changes, after);
  return [...changes.values()].toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}

function compareResource(
  logicalId: string,
  before: KnownResource | undefined,
  after: KnownResource | undefined,
): ResourceChange | undefined {
  if (after === undefined) {
    if (before === undefined) return undefined;
    const effect = before.attributes["DeletionPolicy"] === "Retain" ? "retain" : "delete";
    return { logicalId, type: before.type, effect, changed: [], causes: [] };
  }
  const { type } = after;
  if (before === undefined) return { logicalId, type, effect: "create", changed: [], causes: [] };
  if (before.type !== type) return { logicalId, type, effect: "replace", changed: ["Type"], causes: ["Type"] };

  const properties = changedKeys(before.properties, after.properties).filter(
    (name) => !isMeantToChange(type, name, after.properties[name]),
  );
  const changed = [...properties, ...changedKeys(before.attributes, after.attributes)];
  if (changed.length === 0) return undefined;
  const { effect, causes } = replacementOf(type, properties);
  return { logicalId, type, effect, changed, causes };
}

/** A random value that makes a custom resource run on each deployment says nothing to a person. */
function isMeantToChange(type: string, property: string, value: Json | undefined): boolean {
  return type === "Custom::DynamicDesiredCountFunction" && property === "UpdateID" && value !== undefined;
}

/** What refers to a replaced resource gets another value there, which may in turn replace it, and so on. */
function followReferences(changes: Map<string, ResourceChange>, after: Resources): void {
  let queue = [...changes.values()].filter(isReplacement);
  while (queue.length > 0) {
    const replaced = new Set(queue.map(({ logicalId }) => logicalId));
    queue = [];
    for (const [logicalId, { type, properties }] of after) {
      const touched = Object.entries(properties).flatMap(([name, value]) => {
        const refers = value !== undefined && [...referencedResources(value)].some((id) => replaced.has(id));
        return refers ? [name] : [];
      });
      const next = withTouched(changes.get(logicalId) ?? { logicalId, type, effect: "update", changed: [], causes: [] }, touched);
      if (next === undefined) continue;
      if (isReplacement(next) && !isReplacement(changes.get(logicalId))) queue.push(next);
      changes.set(logicalId, next);
    }
  }
}

const isReplacement = (change: ResourceChange | undefined): boolean => change?.effect === "replace" || change?.effect === "may-replace";

function withTouched(change: ResourceChange, touched: readonly string[]): ResourceChange | undefined {
  const added = touched.filter((name) => !change.changed.includes(name));
  if (added.length === 0 || change.effect === "create" || change.effect === "delete" || change.effect === "retain") return undefined;
  const changed = [...change.changed, ...added].toSorted();
  const { effect, causes } = replacementOf(change.type, added);
  if (change.effect === "replace" || effect === "update") return { ...change, changed };
  // The new value may turn out to be the old one, as with an alias of a function.
  return { ...change, effect: "may-replace", changed, causes: [...new Set([...change.causes, ...causes])] };
}

function changedKeys(before: JsonObject, after: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .filter((key) => canonical(before[key]) !== canonical(after[key]));
}
