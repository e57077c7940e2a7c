import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./house/dependencies.mjs";
import { endOn, part } from "./house/report.mjs";
import { mustRun } from "./house/run.mjs";

/** `npm run generate`: runs every `scripts/generate-*.ts`; what they write is committed, and tests compare it. */
try {
  for (const file of readdirSync(join(root, "scripts")).filter((name) => /^generate-(?!.*\.test\.).*\.ts$/.test(name))) {
    await part(file, () => mustRun(process.execPath, ["--import", "tsx", `scripts/${file}`], { cwd: root }).then(() => "written"));
  }
} catch (error) {
  endOn(error);
}
