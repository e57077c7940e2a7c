import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderReplacementProperties, replacementPropertiesFile } from "./generate-replacement-properties.ts";

test("the committed table is what AWS's resource specification gives", () => {
  expect(readFileSync(replacementPropertiesFile, "utf8")).toBe(renderReplacementProperties());
});
