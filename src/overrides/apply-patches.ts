import type { Checked, Diagnostic } from "../model/diagnostic.ts";
import { readIntrinsic } from "../targets/aws/cloudformation/intrinsics.ts";
import { isJsonObject, type Json, type JsonObject } from "../targets/aws/cloudformation/json.ts";
import type { Patch } from "./read-patches.ts";

/** Where a patch came to nothing. */
class Refusal {
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(reason: string, hint?: string) {
    this.reason = reason;
    this.hint = hint;
  }
}

/**
 * Applies patches in order to a template in plain data, which is left as it is. The first patch that does not fit is reported with its
 * place in the patch file: later ones may build on it. A path may go through `!If [...]` with and without the step `Fn::If`.
 */
export function applyPatches(template: JsonObject, patches: readonly Patch[]): Checked<JsonObject> {
  let current: Json = template;
  for (const [index, patch] of patches.entries()) {
    const result = edit({ value: current, done: [], left: patch.steps, patch });
    if (result instanceof Refusal) return { ok: false, diagnostics: [toDiagnostic(patch, index, result)] };
    if (!isJsonObject(result)) {
      const refusal = new Refusal("a template is a map of sections and cannot become anything else");
      return { ok: false, diagnostics: [toDiagnostic(patch, index, refusal)] };
    }
    current = result;
  }
  return { ok: true, value: withNote(current, "using AWS Copilot with YAML patches."), warnings: [] };
}

/** The template with a note at the end of its description, by which stacks tell that they were overridden. */
export function withNote(template: JsonObject, note: string): JsonObject {
  const { Description: description } = template;
  if (typeof description !== "string") return template;
  return { ...template, Description: `${description.replace(/\.$/, "")} ${note}` };
}

function toDiagnostic(patch: Patch, index: number, { reason, hint }: Refusal): Diagnostic {
  const message = `patch ${index} (\`${patch.op}\` at \`${patch.path}\`) does not fit the template: ${reason}`;
  const diagnostic = { severity: "error", code: "patch-does-not-fit", message, path: `[${index}]`, at: patch.at } as const;
  return hint === undefined ? diagnostic : { ...diagnostic, hint };
}

interface Edit {
  readonly value: Json;
  readonly done: readonly string[];
  readonly left: readonly string[];
  readonly patch: Patch;
}

function edit({ value, done, left, patch }: Edit): Json | Refusal {
  const [step, ...rest] = left;
  if (step === undefined) return patch.op === "remove" ? new Refusal("the whole template cannot be removed") : patch.value;

  const intrinsic = readIntrinsic(value);
  if (intrinsic !== undefined && intrinsic[0] !== step) {
    const inner = edit({ value: intrinsic[1], done, left, patch });
    return inner instanceof Refusal ? inner : { [intrinsic[0]]: inner };
  }
  if (isList(value)) return rest.length === 0 ? editItem(value, step, { done, patch }) : goIntoItem(value, { step, rest, done, patch });
  if (isJsonObject(value)) return rest.length === 0 ? editKey(value, step, { done, patch }) : goIntoKey(value, { step, rest, done, patch });
  return new Refusal(`\`${pointer(done)}\` is a single value, and nothing lies below it`);
}

interface Way {
  readonly step: string;
  readonly rest: readonly string[];
  readonly done: readonly string[];
  readonly patch: Patch;
}

function goIntoKey(map: JsonObject, { step, rest, done, patch }: Way): Json | Refusal {
  const value = Object.hasOwn(map, step) ? map[step] : undefined;
  if (value === undefined) return noSuchKey(map, step, done);
  const result = edit({ value, done: [...done, step], left: rest, patch });
  return result instanceof Refusal ? result : { ...map, [step]: result };
}

function goIntoItem(list: readonly Json[], { step, rest, done, patch }: Way): Json | Refusal {
  const index = indexIn(list, step, { done, end: list.length - 1 });
  if (index instanceof Refusal) return index;
  const result = edit({ value: list[index] ?? null, done: [...done, step], left: rest, patch });
  return result instanceof Refusal ? result : list.with(index, result);
}

type Last = Pick<Way, "done" | "patch">;

function editKey(map: JsonObject, key: string, { done, patch }: Last): Json | Refusal {
  if (patch.op !== "add" && !Object.hasOwn(map, key)) return noSuchKey(map, key, done);
  if (patch.op !== "remove") return { ...map, [key]: patch.value };
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}

function editItem(list: readonly Json[], step: string, { done, patch }: Last): Json | Refusal {
  if (patch.op === "add" && step === "-") return [...list, patch.value];
  const index = indexIn(list, step, { done, end: patch.op === "add" ? list.length : list.length - 1 });
  if (index instanceof Refusal) return index;
  if (patch.op === "add") return list.toSpliced(index, 0, patch.value);
  return patch.op === "remove" ? list.toSpliced(index, 1) : list.with(index, patch.value);
}

function indexIn(list: readonly Json[], step: string, { done, end }: { done: readonly string[]; end: number }): number | Refusal {
  const place = `\`${pointer(done)}\` is a list of ${list.length}`;
  if (!/^\d+$/.test(step)) return new Refusal(`${place}, and \`${step}\` is no position in it`);
  const index = Number(step);
  return index <= end ? index : new Refusal(`${place} and has no position ${step} (the first is 0)`);
}

function noSuchKey(map: JsonObject, key: string, done: readonly string[]): Refusal {
  const keys = Object.keys(map);
  const sameLetters = keys.find((name) => name.toLowerCase() === key.toLowerCase());
  const near = sameLetters === undefined ? keys.slice(0, 8).join(", ") + (keys.length > 8 ? ", …" : "") : sameLetters;
  const hint = sameLetters === undefined ? `there is: ${near}` : `did you mean \`${near}\`?`;
  return new Refusal(`\`${pointer(done)}\` has no \`${key}\``, keys.length === 0 ? undefined : hint);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const pointer = (steps: readonly string[]): string => `/${steps.join("/")}`;
