import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "./house/prepare.mjs";
import { elapsed, endOn, part } from "./house/report.mjs";
import { ask, commitSample, copilot, git, sample } from "./house/sample.mjs";

/** `npm start`: from a clone to the sample application running on this machine's Docker engine, and released to a second environment. */
const environments = ["test", "prod"];
const pipeline = "release";

/** Gives the environments their secret, unless they have one: by a file that only its owner reads, never on a command line. */
async function makeSecret() {
  const folder = mkdtempSync(join(tmpdir(), "copilot-"));
  try {
    const file = join(folder, "secrets.yml");
    const values = environments.map((environment) => `  ${environment}: ${randomBytes(24).toString("hex")}\n`);
    writeFileSync(file, `signing_key:\n${values.join("")}`, { mode: 0o600 });
    await copilot("secret", "init", "--cli-input-yaml", file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function makeEnvironment(name) {
  await copilot("env", "init", "--name", name, "--default-config");
  await copilot("env", "deploy", "--name", name);
  return "there";
}

/** The latest execution of the pipeline; undefined before the first. */
async function latestExecution() {
  const { executions } = await ask("pipeline", "history", "--name", pipeline);
  return (executions ?? []).toSorted((a, b) => b.number - a.number)[0];
}

const waitsForApproval = ({ stages }) =>
  stages.some(({ actions }) => actions.some(({ name, status }) => name.startsWith("ApprovePromotionTo-") && status === "in-progress"));

/** Asks until the execution is as wanted or has ended otherwise. */
async function until(number, isReached, title) {
  const deadline = Date.now() + 600_000;
  for (;;) {
    const execution = await latestExecution();
    if (execution?.number >= number && isReached(execution)) return execution;
    if (execution?.number >= number && !["in-progress", "succeeded"].includes(execution.status)) {
      throw new Error(
        `The release ended as ${execution.status} before ${title}: see \`copilot pipeline status --name ${pipeline}\` in ${sample}.`,
      );
    }
    if (Date.now() > deadline) throw new Error(`The release has not come to ${title} in ten minutes.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Pushes a change and takes it through the pipeline, the approval included; nothing when what is committed was released before. */
async function release() {
  await copilot("pipeline", "init", "--name", pipeline, "--environments", environments.join(","));
  commitSample("Add the pipeline's files");
  await copilot("pipeline", "deploy", "--name", pipeline, "--yes");
  const before = await latestExecution();
  if (before?.status === "succeeded" && before.trigger.commit === git("rev-parse", "HEAD")) return "nothing to release";
  if (before === undefined) {
    writeFileSync(join(sample, "web", "release.txt"), "A change that went through the pipeline.\n");
    commitSample("Say how this release came here");
  }
  const number = (before?.number ?? 0) + 1;
  git("push", "--quiet", "copilot", "main");
  process.stderr.write("  Pushed. The pipeline builds, deploys test and runs the test commands …\n");
  await until(number, waitsForApproval, "the approval");
  process.stderr.write("  It waits for an approval in front of prod, which is given now …\n");
  await copilot("pipeline", "approve", "--name", pipeline, "--comment", "given by npm start");
  await until(number, ({ status }) => status === "succeeded", "its end");
  return `execution ${number} went to ${environments.join(" and ")}`;
}

async function urls() {
  const found = [];
  for (const name of ["web", "guide"]) {
    const { routes } = await ask("svc", "show", "--name", name);
    for (const { environment, url } of routes ?? []) found.push({ name: `${name} in ${environment}`, url });
  }
  return found;
}

try {
  await prepare();
  await part("Sample", async () => commitSample("The sample application"));
  await part("Application orders", () => copilot("app", "init", "orders", "--target", "docker").then(() => "there"));
  for (const environment of environments) await part(`Environment ${environment}`, () => makeEnvironment(environment));
  await part("Secret signing_key", () => makeSecret().then(() => "kept encrypted"));
  await part("Workloads", () => copilot("deploy", "--all", "--init-wkld", "--env", "test").then(() => "deployed to test"));
  await part("Release", release);
  process.stdout.write("\nThe sample application runs:\n");
  for (const { name, url } of await urls()) process.stdout.write(`  ${name.padEnd(14)} ${url}\n`);
  process.stdout.write(`\nIts folder is ${sample}: change something there, commit, and \`git push copilot main\`.\n`);
  process.stdout.write(`Done in ${elapsed()}. \`npm stop\` removes all of it.\n`);
} catch (error) {
  endOn(error);
}
