import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isJsonObject } from "../cloudformation/json.ts";
import { readTemplate } from "../cloudformation/read.ts";
import { functionHandlers, functionSets } from "./functions.ts";

const golden = resolve(import.meta.dirname, "../../../../../shared/golden");
if (!existsSync(golden)) process.stderr.write(`skipped: no golden templates at ${golden}\n`);

const allFunctions = Object.values(functionSets).flat();

/** Names of the handlers that a function of this logical ID may have: an environment's differ from a workload's. */
function handlersOf(logicalId: string, isEnvironment: boolean): readonly string[] {
  const set = isEnvironment ? functionSets.environment : allFunctions.filter((each) => !functionSets.environment.includes(each));
  return set.filter((each) => each.logicalId === logicalId).map(({ source }) => `index.${functionHandlers[source]}`);
}

function templates(): string[] {
  if (!existsSync(golden)) return [];
  return ["workloads", "environments"].flatMap((folder) =>
    readdirSync(join(golden, folder), { recursive: true, encoding: "utf8" })
      .map((name) => join(golden, folder, name))
      .filter((path) => path.endsWith(".yml") && readFileSync(path, "utf8").includes("AWS::Lambda::Function")),
  );
}

describe("functionSets", () => {
  it("has every set of the contract, each function once", () => {
    const ids = Object.fromEntries(Object.entries(functionSets).map(([owner, set]) => [owner, set.map(({ logicalId }) => logicalId)]));
    expect(Object.values(ids).map((set) => set.length)).toEqual([5, 3, 3, 1, 2, 3, 6]);
    for (const set of Object.values(ids)) expect(new Set(set).size).toBe(set.length);
  });

  it.skipIf(!existsSync(golden)).each(templates().map((path) => [relative(golden, path), path]))(
    "has the handlers that %s names",
    (name, path) => {
      const { Resources: resources } = readTemplate(readFileSync(path, "utf8"), name);
      const functions = Object.entries(isJsonObject(resources) ? resources : {}).flatMap(([logicalId, resource]) => {
        const properties = isJsonObject(resource) && resource["Type"] === "AWS::Lambda::Function" ? resource["Properties"] : undefined;
        return isJsonObject(properties) ? [{ logicalId, handler: properties["Handler"] }] : [];
      });
      expect(functions.length).toBeGreaterThan(0);
      for (const { logicalId, handler } of functions)
        expect(handlersOf(logicalId, name.startsWith("environments")), logicalId).toContain(handler);
    },
  );
});
