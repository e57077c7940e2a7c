import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderResourceTypes, resourceTypesFile } from "./generate-cfn-types.ts";

test("the committed resource types are what AWS's resource specification gives", () => {
  expect(readFileSync(resourceTypesFile, "utf8")).toBe(renderResourceTypes());
});
