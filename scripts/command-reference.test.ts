import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { renderCommandReference } from "./command-reference.ts";

const folder = fileURLToPath(new URL("../docs/reference/cli/", import.meta.url));

test("docs/reference/cli is what the definitions say; else run npm run generate", () => {
  const written = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(`${folder}${name}`, "utf8")]));
  expect(written).toEqual(Object.fromEntries(renderCommandReference().map(({ name, content }) => [name, content])));
});
