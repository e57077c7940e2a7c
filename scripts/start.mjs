import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, checkNode, installPackages, root } from "./house/dependencies.mjs";
import { ensureEngine } from "./house/engine.mjs";
import { releaseSample } from "./house/release.mjs";
import { elapsed, endOn, part } from "./house/report.mjs";
import { mustRun, run } from "./house/run.mjs";

/** `npm start`: from a clone to the sample application running on this machine's Docker engine. */
const sample = join(root, "examples", "orders");
const environment = "test";

/** Runs the command as a person would, its progress shown. */
async function copilot(...args) {
  const { code, output } = await run(process.execPath, [join(root, "dist", "bin.js"), ...args], { cwd: sample });
  if (code !== 0) throw new Error(`copilot ${args.join(" ")} ended with ${code}.\n${output.trim().split("\n").slice(-5).join("\n")}`);
  return output;
}

/** The answer of a command that prints JSON. */
async function ask(...args) {
  return JSON.parse(await mustRun(process.execPath, [join(root, "dist", "bin.js"), ...args, "--json"], { cwd: sample }));
}

/** Gives the sample its secret, unless it has one: by a file that only its owner reads, never on a command line. */
async function makeSecret(environment) {
  const folder = mkdtempSync(join(tmpdir(), "copilot-"));
  try {
    const file = join(folder, "secrets.yml");
    writeFileSync(file, `signing_key:\n  ${environment}: ${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
    await copilot("secret", "init", "--cli-input-yaml", file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function urls() {
  const found = [];
  for (const name of ["web", "guide"]) {
    const { routes } = await ask("svc", "show", "--name", name);
    for (const { url } of routes ?? []) found.push({ name, url });
  }
  return found;
}

try {
  checkNode();
  await part("Packages", installPackages);
  await part("Build", build);
  await part("Docker engine", ensureEngine);
  await part("Base images", () =>
    mustRun(process.execPath, ["--import", "tsx", "scripts/base-images.ts"], { cwd: root, quiet: false }).then(() => "ready"),
  );
  await part("Application orders", () => copilot("app", "init", "orders").then(() => "there"));
  await part(`Environment ${environment}`, async () => {
    await copilot("env", "init", "--name", environment, "--default-config");
    await copilot("env", "deploy", "--name", environment);
    return "there";
  });
  await part("Secret signing_key", () => makeSecret(environment).then(() => "kept encrypted"));
  await part("Workloads", () => copilot("deploy", "--all", "--init-wkld", "--env", environment).then(() => "deployed"));
  process.stdout.write("\nThe sample application runs:\n");
  for (const { name, url } of await urls()) process.stdout.write(`  ${name.padEnd(8)} ${url}\n`);
  process.stdout.write("\n");
  const released = await part("Release of a change through a pipeline", () => releaseSample(makeSecret));
  process.stdout.write(`A change went through the pipeline: commit ${released}.\n`);
  process.stdout.write(`\nDone in ${elapsed()}. \`npm stop\` removes all of it.\n`);
} catch (error) {
  endOn(error);
}
