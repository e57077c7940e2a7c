// Bundles the command line (one chunk a command) and the control plane (one file) into dist/.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));

// Some bundled libraries are CommonJS and call require, which ES modules lack.
const requireBanner = `import { createRequire as copilotCreateRequire } from "node:module"; const require = copilotCreateRequire(import.meta.url);`;

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  // Of a library in two forms, take the one whose unused parts can be left out: the AWS SDK is a third of its size then.
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  define: {
    "process.env.COPILOT_BUILD_VERSION": JSON.stringify(version),
    // The AWS SDK would tell everybody who runs a supported Node.js 20 to take another one.
    "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": '"true"',
  },
  logLevel: "warning",
  write: false,
};

/** Bundles; each file takes the place of the one before in one step, so that a command which runs meanwhile finds all of its parts. */
async function bundle(options) {
  const { outputFiles } = await build({ ...shared, ...options });
  for (const { path, contents } of outputFiles) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, contents);
    if (path.endsWith("/bin.js")) chmodSync(draft, 0o755);
    renameSync(draft, path);
  }
  return outputFiles.map(({ path }) => path);
}

const parts = await bundle({
  entryPoints: [{ in: "src/bin.ts", out: "bin" }],
  outdir: "dist",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  banner: { js: requireBanner },
});
for (const name of readdirSync(`${root}/dist/chunks`)) {
  const path = `${root}/dist/chunks/${name}`;
  if (!parts.includes(path)) rmSync(path, { force: true });
}

await bundle({ entryPoints: ["src/control-plane/main.ts"], outfile: "dist/control-plane.js", banner: { js: requireBanner } });

// The Lambda functions, which AWS deployments upload.
execFileSync(process.execPath, ["--import", "tsx", "scripts/build-custom-resources.ts"], { cwd: root, stdio: "inherit" });

// The program that runs buildspecs, in the containers of a pipeline's builds.
await bundle({ entryPoints: ["src/pipelines/agent/main.ts"], outfile: "dist/build-agent.js", banner: { js: requireBanner } });
