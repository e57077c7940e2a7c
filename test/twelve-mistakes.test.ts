import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { renderDiagnostics } from "../src/manifest/render.ts";
import { loadWorkload } from "../src/workloads/load.ts";

const root = join(import.meta.dirname, "..");
const text = readFileSync(join(import.meta.dirname, "fixtures/twelve-mistakes.yml"), "utf8");
const result = loadWorkload({
  file: "copilot/storefront/manifest.yml",
  text,
  application: "shop",
  environment: "prod",
  variables: { MEMORY: "1024" },
});
const diagnostics = result.ok ? [] : result.diagnostics;

describe("a manifest full of mistakes", () => {
  test("is told all of them at once, each at its line and column", () => {
    expect(diagnostics.map(({ code, path, at }) => `${at?.line}:${at?.column} ${code} ${path}`)).toEqual([
      "6:3 unknown-field image.prot",
      "10:3 unknown-field http.healthchek",
      "11:25 wrong-type http.deregistration_delay",
      "13:6 wrong-type cpu",
      "14:11 invalid-value platform",
      "15:7 wrong-type exec",
      "18:14 invalid-value storage.ephemeral",
      "23:11 invalid-value sidecars.nginx.port",
      "25:14 invalid-manifest sidecars.nginx.depends_on.redis",
      "30:14 invalid-value environments.prod.count.range",
      "31:13 wrong-type environments.prod.memory",
      "33:25 invalid-manifest http.target_container",
    ]);
  });

  test("names the likely fix and the variable that gave a bad value", () => {
    const told = renderDiagnostics(diagnostics, { color: false });
    expect(told).toContain("Did you mean `port`?");
    expect(told).toContain("Did you mean `healthcheck`?");
    expect(told).toContain("The value comes from ${MEMORY}.");
    expect(told.split("\n").at(-1)).toBe("12 errors");
  });

  test("is shown with the source line and a caret under what is meant", () => {
    expect(renderDiagnostics(diagnostics.slice(2, 3), { color: false }))
      .toBe(`error[wrong-type]: Expected a duration with its unit, such as \`10s\`, found \`60\`.
  ──▶ copilot/storefront/manifest.yml:11:25
   │
11 │   deregistration_delay: 60
   │                         ^^

1 error`);
  });

  test("the picture in the documentation is of it", () => {
    const picture = readFileSync(join(root, "docs/images/validate.svg"), "utf8");
    for (const { at } of diagnostics) expect(picture).toContain(`:${at?.line}:${at?.column}`);
  });
});
