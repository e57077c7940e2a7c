import { fileURLToPath } from "node:url";
import { cruise, type ICruiseOptions, type IReporterOutput } from "dependency-cruiser";
import { describe, expect, test } from "vitest";
import configuration from "../.dependency-cruiser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

async function brokenRules(baseDir: string): Promise<Map<string, string[]>> {
  const options: ICruiseOptions = { ...configuration.options, baseDir, validate: true, ruleSet: { forbidden: configuration.forbidden } };
  const { output }: IReporterOutput = await cruise(["src"], options);
  if (typeof output === "string") throw new Error(output);
  const broken = new Map<string, string[]>();
  for (const { rule, from, to } of output.summary.violations) broken.set(rule.name, [...(broken.get(rule.name) ?? []), `${from} → ${to}`]);
  return broken;
}

describe("the borders between folders", () => {
  test("hold in the sources", async () => {
    expect(Object.fromEntries(await brokenRules(root))).toEqual({});
  }, 120_000);

  test("are each broken by the fixture, so that every rule is known to fire", async () => {
    const broken = await brokenRules(fileURLToPath(new URL("fixtures/architecture", import.meta.url)));
    expect([...broken.keys()].toSorted()).toEqual(configuration.forbidden.map(({ name }) => name ?? "").toSorted());
  }, 120_000);
});
