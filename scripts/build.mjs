// Bundles the command line (one chunk a command) and the control plane (one file) into dist/.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
rmSync(`${root}/dist`, { recursive: true, force: true });

// Some bundled libraries are CommonJS and call require, which ES modules lack.
const requireBanner = `import { createRequire as copilotCreateRequire } from "node:module"; const require = copilotCreateRequire(import.meta.url);`;

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  define: { "process.env.COPILOT_BUILD_VERSION": JSON.stringify(version) },
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: [{ in: "src/bin.ts", out: "bin" }],
  outdir: "dist",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  banner: { js: requireBanner },
});

if (existsSync(`${root}/src/control-plane/main.ts`)) {
  await build({
    ...shared,
    entryPoints: ["src/control-plane/main.ts"],
    outfile: "dist/control-plane.js",
    banner: { js: requireBanner },
  });
}

// The Lambda functions, which AWS deployments upload.
execFileSync(process.execPath, ["--import", "tsx", "scripts/build-custom-resources.ts"], { cwd: root, stdio: "inherit" });

// The program that runs buildspecs, in the containers of a pipeline's builds.
await build({
  ...shared,
  entryPoints: ["src/pipelines/agent/main.ts"],
  outfile: "dist/build-agent.js",
  banner: { js: requireBanner },
});
