import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderCommandReference } from "./command-reference.ts";

// Writes docs/reference/cli/ from the command definitions.
const folder = fileURLToPath(new URL("../docs/reference/cli/", import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { name, content } of renderCommandReference()) writeFileSync(`${folder}${name}`, content);
