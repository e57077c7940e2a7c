// Bundles the command line (one chunk a command), its start and the programs that it starts (one file each) into dist/.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

// Many small chunks cost as much to load as what is in them: what most commands of a kind share is one chunk (docs/decisions/0094).
const groups = [
  { name: "start", test: /src.(model.(names|problem)|platform|terminal)/, minShareCount: 20, priority: 1 },
  {
    name: "manifests",
    test: /src.(addons|images|manifest|model|operations|overrides|plan|state|workloads)|node_modules.(picomatch|rfc6902|yaml)/,
    minShareCount: 6,
  },
];

/** Bundles a program; each file takes the place of the one before in one step, so that a command which runs meanwhile finds all of its parts. */
async function bundle(name, input, options = {}) {
  const { format = "es", groups } = options;
  const ending = format === "cjs" ? "cjs" : "js";
  const { output } = await build({
    cwd: root,
    input: { [name]: input },
    platform: "node",
    // Of a library in two forms, take the one whose unused parts can be left out: the AWS SDK is a third of its size then.
    resolve: { mainFields: ["module", "main"] },
    transform: {
      target: "node20.19",
      define: {
        "process.env.COPILOT_BUILD_VERSION": JSON.stringify(version),
        // The AWS SDK would tell everybody who runs a supported Node.js 20 to take another one.
        "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": '"true"',
      },
    },
    // Help is loaded late by most commands and at once by the completion of words: both are meant.
    checks: { ineffectiveDynamicImport: false },
    output: {
      format,
      dynamicImportInCjs: false,
      minify: true,
      comments: false,
      entryFileNames: `[name].${ending}`,
      chunkFileNames: `chunks/[name]-[hash].${ending}`,
      codeSplitting: groups === undefined ? false : { groups },
    },
    write: false,
  });
  for (const { fileName, code } of output) {
    const path = join(root, "dist", fileName);
    if (existsSync(path) && readFileSync(path, "utf8") === code) continue;
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, code);
    if (fileName === "bin.js") chmodSync(draft, 0o755);
    renameSync(draft, path);
  }
  return output.map(({ fileName }) => fileName);
}

// The start runs the rest as CommonJS, of which Node.js lets a program keep the compiled code (docs/decisions/0096).
const parts = await bundle("copilot", "src/copilot.ts", { format: "cjs", groups });
for (const name of readdirSync(join(root, "dist/chunks")))
  if (!parts.includes(`chunks/${name}`)) rmSync(join(root, "dist/chunks", name), { force: true });
await bundle("bin", "src/bin.ts");

await bundle("control-plane", "src/control-plane/main.ts");

// The Lambda functions, which AWS deployments upload.
execFileSync(process.execPath, ["--import", "tsx", "scripts/build-custom-resources.ts"], { cwd: root, stdio: "inherit" });

// The program that runs buildspecs, in the containers of a pipeline's builds.
await bundle("build-agent", "src/pipelines/agent/main.ts");
