// Bundles each Lambda function of the custom resources into a zip of its own: build-custom-resources.ts [folder].
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { toFunctionArchive } from "../src/targets/aws/custom-resources/archive.ts";
import { functionHandlers } from "../src/targets/aws/custom-resources/functions.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = join(root, "src/targets/aws/custom-resources");

/** The code of one function as a single CommonJS file. The AWS SDK stays outside: Lambda's Node.js runtimes have it. */
export async function bundleFunction(source: string): Promise<string> {
  const { output } = await build({
    cwd: root,
    input: join(sources, source, "index.ts"),
    platform: "node",
    // Lambda has Node.js 24; the tests load the same file on the oldest version that the project supports.
    transform: { target: "node20" },
    external: /^@aws-sdk\//,
    output: { format: "cjs", minify: true, comments: false, codeSplitting: false },
    write: false,
  });
  return output[0].code;
}

/** Writes `<source>.zip` for every function into a folder. */
export async function buildCustomResources(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await Promise.all(
    Object.keys(functionHandlers).map(async (source) =>
      writeFileSync(join(folder, `${source}.zip`), toFunctionArchive(await bundleFunction(source))),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCustomResources(process.argv[2] ?? join(root, "dist/custom-resources"));
