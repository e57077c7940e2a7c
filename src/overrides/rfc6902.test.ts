import fc from "fast-check";
import { applyPatch } from "rfc6902";
import { describe, expect, it } from "vitest";
import { isJsonObject, toJsonObject, type Json, type JsonObject } from "../targets/aws/cloudformation/json.ts";
import { applyPatches } from "./apply-patches.ts";
import { readPatches, type Patch } from "./read-patches.ts";

const scalar = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constantFrom("x", "y"), fc.constant(null));
const key = fc.constantFrom("A", "B", "a/b", "m~n", "0");
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(key, tie("value"), { maxKeys: 3 })),
}));
const document = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 });

const escaped = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");

/** All paths into a value; with `beyond`, also those at which something can be added. */
function pathsIn(node: Json, beyond: boolean, path = ""): readonly string[] {
  if (Array.isArray(node)) {
    const inner = node.flatMap((item: Json, index) => [`${path}/${index}`, ...pathsIn(item, beyond, `${path}/${index}`)]);
    return beyond ? [...inner, `${path}/${node.length}`, `${path}/-`] : inner;
  }
  if (!isJsonObject(node)) return [];
  const inner = Object.entries(node).flatMap(([name, entry]) => {
    const here = `${path}/${escaped(name)}`;
    return [here, ...(entry === undefined ? [] : pathsIn(entry, beyond, here))];
  });
  return beyond ? [...inner, `${path}/New`] : inner;
}

function ours(template: JsonObject, patch: { op: string; path: string; value: Json }): Json | undefined {
  const read = readPatches("cfn.patches.yml", JSON.stringify([patch]));
  const patches: readonly Patch[] = read.ok ? read.value : [];
  const result = applyPatches(template, patches);
  return result.ok ? result.value : undefined;
}

function theirs(template: JsonObject, patch: { op: "add" | "remove" | "replace"; path: string; value: Json }): Json | undefined {
  const copy = structuredClone(template);
  const [failure] = applyPatch(copy, [patch]);
  return failure === null ? toJsonObject(copy) : undefined;
}

describe("applyPatches", () => {
  it("does what RFC 6902 says, where no intrinsic function is in the way", () => {
    fc.assert(
      fc.property(document, value, fc.constantFrom("add", "remove", "replace"), fc.nat(), (template, added, op, choice) => {
        // The library is lax about places that are not there; those are tried by hand elsewhere.
        const paths = pathsIn(template, op === "add");
        const path = paths[choice % paths.length] ?? "/New";
        expect(ours(template, { op, path, value: added })).toEqual(theirs(template, { op, path, value: added }));
      }),
      { numRuns: 1_000 },
    );
  });
});
