import fc from "fast-check";
import { expect, test } from "vitest";

import { loadEnvironment } from "../src/manifest/environment/load.ts";
import { fieldPaths } from "../src/manifest/schema/field-paths.ts";
import type { Checked } from "../src/model/diagnostic.ts";
import { loadPipeline } from "../src/pipelines/manifest.ts";
import { loadWorkload } from "../src/workloads/load.ts";
import { manifestKinds } from "../scripts/manifest-kinds.ts";
import { fieldCases as cases, kindLetters, manifestWith } from "./fixtures/manifest-draft.ts";

const integers = fc.oneof(
  fc.nat({ max: 9 }).map(String),
  fc.nat({ max: 9 }).map((value) => `0x${value.toString(16)}`),
  fc.nat({ max: 9 }).map((value) => `0${value.toString(8)}`),
  fc.nat({ max: 9 }).map((value) => `${value}.0`),
);
const words = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z]$/);

/** Values by the names that the list has for them. */
const arbitraries: Readonly<Record<string, fc.Arbitrary<string>>> = {
  "<text>": fc.oneof(
    words,
    words.map((word) => JSON.stringify(word)),
    fc.constantFrom("1.0", "True", "0x10", "2012-10-17", "yes"),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  ),
  "<word>": fc.oneof(
    words,
    fc.constantFrom("1.0", "true").map((value) => JSON.stringify(value)),
  ),
  "<name>": fc.constant("web"),
  "<int>": integers,
  "<not-int>": fc.oneof(
    fc.nat().map((value) => JSON.stringify(String(value))),
    words,
    fc.constantFrom("[1]", "{a: 1}", "2012-10-17", "true"),
  ),
  "<percentage>": fc.integer({ min: 0, max: 100 }).map(String),
  "<bool>": fc.constantFrom("true", "false", "True", "FALSE", "yes", "no", "on", "off", '"yes"', "y", "N"),
  "<not-bool>": fc.constantFrom("maybe", "1", "0", "[true]", "{a: true}", '"true"', "Yes", "ON"),
  "<duration>": fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom("s", "m", "h", "ms")).map(([amount, unit]) => `${amount}${unit}`),
  "<not-duration>": fc.oneof(
    fc.integer({ min: 1, max: 99 }).map(String),
    fc.constantFrom("5d", '"10 seconds"', "10S", "[1s]", "1.5", "soon"),
  ),
  "<schedule>": fc.oneof(
    fc.integer({ min: 1, max: 300 }).map((minutes) => `"@every ${minutes}m"`),
    fc.constantFrom(
      '"@daily"',
      '"@hourly"',
      '"@midnight"',
      '"@weekly"',
      '"@monthly"',
      '"@yearly"',
      '"@annually"',
      "none",
      '"rate(5 minutes)"',
      '"cron(0 9 ? * MON-FRI *)"',
    ),
    fc.tuple(fc.nat({ max: 59 }), fc.nat({ max: 23 })).map(([minute, hour]) => `"${minute} ${hour} * * MON-FRI"`),
  ),
};

const typeNames: Readonly<Record<string, string>> = {
  L: "Load Balanced Web Service",
  B: "Backend Service",
  W: "Worker Service",
  J: "Scheduled Job",
  R: "Request-Driven Web Service",
  S: "Static Site",
  E: "Environment",
  P: "Pipeline",
};

const valuesOf = (sample: string, kind: string): fc.Arbitrary<string> =>
  sample === "<type>" ? fc.constant(JSON.stringify(typeNames[kind])) : (arbitraries[sample] ?? fc.constant(sample));

function read(kind: string, text: string): Checked<unknown> {
  if (kind === "P") return loadPipeline("manifest.yml", text);
  const input = { file: "manifest.yml", text, application: "app", environment: "test", variables: {} };
  return kind === "E" ? loadEnvironment(input) : loadWorkload(input);
}

const errorsOf = (result: Checked<unknown>): readonly { readonly path?: string; readonly column: number | undefined }[] =>
  result.ok
    ? []
    : result.diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ path, at }) => ({ ...(path === undefined ? {} : { path }), column: at?.column }));

for (const { kinds, path, accepted, refused } of cases)
  for (const kind of kinds) {
    if (accepted.length > 0)
      test(`${typeNames[kind]} accepts ${path}`, () => {
        for (const sample of accepted)
          fc.assert(
            fc.property(valuesOf(sample, kind), (value) => {
              const { text } = manifestWith(kind, path, value);
              const result = read(kind, text);
              expect(result.ok ? [] : result.diagnostics, text).toEqual([]);
            }),
            { numRuns: sample.startsWith("<") ? 8 : 1 },
          );
      });
    if (refused.length > 0)
      test(`${typeNames[kind]} refuses bad values of ${path}`, () => {
        for (const sample of refused)
          fc.assert(
            fc.property(valuesOf(sample, kind), (value) => {
              const { text, column } = manifestWith(kind, path, value);
              const errors = errorsOf(read(kind, text));
              const top = path.split(/[.[]/)[0] ?? "";
              expect(
                errors.some((error) => error.path?.startsWith(top)),
                `${text}\n${JSON.stringify(errors)}`,
              ).toBe(true);
              expect(errors.every((error) => error.column !== undefined && error.column > 0)).toBe(true);
              if (/^[\w"-]+$/.test(value) && errors.length === 1 && errors[0]?.path?.endsWith(path.split(".").at(-1) ?? ""))
                expect(errors[0].column).toBe(column);
            }),
            { numRuns: sample.startsWith("<") ? 8 : 1 },
          );
      });
  }

/** Fields whose every value is refused, by the kinds that know them, with the reason. */
const neverAccepted = new Map([
  ["platform", "App Runner refuses every platform"],
  ["count", "a job's count is a number"],
  ["grace_period", "the grace period belongs to the main rule or listener"],
  ["hosted_zone", "a network load balancer's alias has none"],
  ["from_vpc", "the public load balancer is open to the network"],
  ["connect.alias", "a Worker Service has no port"],
  ["restrict_to", "the internal load balancer has nothing to restrict"],
]);

test("every path of the list has a refused value, and an accepted one unless none exists", () => {
  for (const { path, accepted, refused } of cases) {
    expect(refused.length > 0 || path.endsWith("value") || path.endsWith("PolicyDocument"), path).toBe(true);
    const reasons = [...neverAccepted.keys()].filter((word) => path.includes(word));
    expect(accepted.length > 0 || reasons.length > 0, path).toBe(true);
  }
});

/** Ours, besides what was there before. */
const ours =
  /^(environments|extends|execution_mode|http\.private\.ingress\.from_vpc)$|^(build|stages\[\].*)\.(timeout|retries)$|^stages\[\]\.(require_approval|on_failure)$/;
const normal = (path: string): string => path.replaceAll(/<[^>]+>/g, "<k>");

for (const { name, title, shape } of manifestKinds)
  test(`no path of ${title} is missing in the list, nor in the definitions`, () => {
    const kind = kindLetters[name] ?? "";
    const listed = new Set(cases.filter(({ kinds }) => kinds.includes(kind)).map(({ path }) => path));
    const defined = new Set(fieldPaths(shape).map(({ path }) => normal(path)));
    expect([...listed].filter((path) => !defined.has(path))).toEqual([]);
    expect([...defined].filter((path) => !listed.has(path) && !ours.test(path))).toEqual([]);
  });
