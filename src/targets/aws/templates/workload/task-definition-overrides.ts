import type { Diagnostic } from "../../../../model/diagnostic.ts";
import type { TaskDefinitionOverride } from "../../../../model/workload-spec.ts";
import { readIntrinsic } from "../../cloudformation/intrinsics.ts";
import { isJsonObject, toJson } from "../../cloudformation/json.ts";
import type { Json, JsonObject } from "../../cloudformation/json.ts";

/** A template whose task definition was edited, or why it could not be. */
export type OverrideResult =
  | { readonly ok: true; readonly template: JsonObject }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Where the paths of overrides begin. */
const root = ["Resources", "TaskDefinition", "Properties"];

/** One step of a path: a key, and what is taken of the list there: an entry by its number, or a new one at its end. */
interface Step {
  readonly key: string;
  readonly entry?: number | "append";
}

class RefusedPath extends Error {}

/**
 * Applies `taskdef_overrides` in their order. A path such as `ContainerDefinitions[0].Ulimits[-].Name` makes what is missing on its way.
 * One that leads below a text or a reference, such as `Cpu.Units`, has no effect: live applications have such paths.
 */
export function overrideTaskDefinition(template: JsonObject, overrides: readonly TaskDefinitionOverride[]): OverrideResult {
  const diagnostics: Diagnostic[] = [];
  let edited = template;
  for (const [index, override] of overrides.entries()) {
    try {
      edited = put(edited, [...root.map((key) => ({ key })), ...toSteps(override.path)], toJson(override.value ?? null));
    } catch (error) {
      if (!(error instanceof RefusedPath)) throw error;
      diagnostics.push({
        severity: "error",
        code: "override-refused",
        message: `The task definition cannot be edited at "${override.path}": ${error.message}.`,
        path: `taskdef_overrides[${index}].path`,
      });
    }
  }
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, template: edited };
}

function toSteps(path: string): readonly Step[] {
  return path.split(".").map((segment) => {
    const match = /^([a-zA-Z0-9_-]+)(?:\[(\d+|-)\])?$/.exec(segment);
    if (match?.[1] === undefined) throw new RefusedPath(`"${segment}" is not of the form key, list[0] or list[-]`);
    const [, key, entry] = match;
    if (entry === undefined) return { key };
    return { key, entry: entry === "-" ? "append" : Number(entry) };
  });
}

function put(parent: JsonObject, [step, ...rest]: readonly Step[], value: Json): JsonObject {
  if (step === undefined) return parent;
  const present = parent[step.key];
  if (step.entry === undefined) return { ...parent, [step.key]: putInside(present, rest, value) };
  if (step.entry === "append" && isLeaf(present)) return parent;
  const list = listAt(present, step);
  const at = step.entry === "append" ? list.length : step.entry;
  if (at >= list.length && step.entry !== "append")
    throw new RefusedPath(`${step.key} has ${list.length} entries; ${step.key}[-] adds one at its end`);
  return { ...parent, [step.key]: list.toSpliced(at, 1, putInside(list[at], rest, value)) };
}

function putInside(present: Json | undefined, rest: readonly Step[], value: Json): Json {
  if (rest.length === 0) return value;
  if (isLeaf(present)) return present;
  if (present !== undefined && present !== null && !isJsonObject(present))
    throw new RefusedPath(`"${rest[0]?.key}" is below something that has no keys`);
  return put(present ?? {}, rest, value);
}

/** Whether nothing can be below it: a text, a number, or a reference, which templates write as a text with a tag. */
function isLeaf(present: Json | undefined): present is Json {
  if (present === undefined || present === null) return false;
  if (typeof present !== "object") return true;
  const intrinsic = readIntrinsic(present);
  return intrinsic !== undefined && (intrinsic[0] === "Fn::GetAtt" || typeof intrinsic[1] === "string");
}

function listAt(present: Json | undefined, { key, entry }: Step): readonly Json[] {
  if (Array.isArray(present)) return present;
  if (present !== undefined && present !== null) throw new RefusedPath(`${key} is not a list`);
  if (entry === "append") return [];
  throw new RefusedPath(`there is no ${key}; ${key}[-] makes it`);
}
