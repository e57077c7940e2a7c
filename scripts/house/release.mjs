import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./dependencies.mjs";
import { mustRun, run } from "./run.mjs";

/** What a person does with a pipeline, for the sample: a change is pushed, tested, approved, and in production. */

const pipeline = "orders";
const manifest = `name: ${pipeline}
version: 1
source:
  provider: Git
  properties: { branch: main, repository: copilot }
stages:
  - name: test
    test_commands:
      - curl --fail --silent http://web:3000/healthz
  - name: prod
    requires_approval: true
`;
const change = "Released by a pipeline";

/**
 * Releases a change of the sample to test and prod; answers in a few words what happened.
 * @param {(environment: string) => Promise<void>} makeSecret gives an environment the sample's secret
 */
export async function releaseSample(makeSecret) {
  const folder = mkdtempSync(join(tmpdir(), "copilot-orders-"));
  try {
    cpSync(join(root, "examples", "orders"), folder, { recursive: true });
    const sample = commandsIn(folder);
    await sample.copilot("env", "init", "--name", "prod", "--default-config");
    await sample.copilot("env", "deploy", "--name", "prod");
    await makeSecret("prod");
    await sample.copilot("pipeline", "init", "--name", pipeline, "--environments", "test,prod");
    writeFileSync(join(folder, "copilot", "pipelines", pipeline, "manifest.yml"), manifest);
    await sample.git("init", "--quiet", "--initial-branch=main", ".");
    await sample.copilot("pipeline", "deploy", "--name", pipeline, "--yes");
    const server = join(folder, "web", "server.mjs");
    const text = readFileSync(server, "utf8");
    writeFileSync(server, text.replace("</h1>", `</h1><p>${change}, ${new Date().toISOString()}</p>`));
    await sample.git("add", "--all");
    await sample.git("commit", "--quiet", "--message", "Say that a pipeline released this");
    await sample.git("push", "--quiet", "--force", "copilot", "main");
    return await seeThrough(sample, (await sample.git("rev-parse", "HEAD")).trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commandsIn(cwd) {
  const author = {
    GIT_AUTHOR_NAME: "sample",
    GIT_AUTHOR_EMAIL: "sample@localhost",
    GIT_COMMITTER_NAME: "sample",
    GIT_COMMITTER_EMAIL: "sample@localhost",
  };
  const program = join(root, "dist", "bin.js");
  return {
    async copilot(...args) {
      const { code, output } = await run(process.execPath, [program, ...args], { cwd });
      if (code !== 0) throw new Error(`copilot ${args.join(" ")} ended with ${code}.\n${output.trim().split("\n").slice(-5).join("\n")}`);
    },
    ask: async (...args) =>
      JSON.parse((await mustRun(process.execPath, [program, ...args, "--json"], { cwd })).split("\n").find((line) => line.startsWith("{"))),
    git: (...args) => mustRun("git", args, { cwd, env: { ...process.env, ...author } }),
  };
}

/** Approves when the release waits for it, and looks at both environments at the end. */
async function seeThrough(sample, commit) {
  for (const deadline = Date.now() + 300_000; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
    if (Date.now() > deadline) throw new Error("The release did not end within five minutes: see copilot pipeline status.");
    const { execution, waitsFor = [] } = await sample.ask("pipeline", "status", "--name", pipeline);
    if (execution?.trigger.commit !== commit) continue;
    if (waitsFor.length > 0) await sample.copilot("pipeline", "approve", "--name", pipeline, "--comment", "npm start looked at test");
    else if (execution.status === "succeeded") break;
    else if (execution.status !== "in-progress")
      throw new Error(`The release ${execution.status}: see copilot pipeline status --name ${pipeline}.`);
  }
  const { routes } = await sample.ask("svc", "show", "--name", "web");
  for (const { environment, url } of routes) {
    const page = await read(url);
    if (!page.includes(change)) throw new Error(`${url} does not show the change that was released to ${environment}.`);
  }
  return `${commit.slice(0, 8)} is in ${routes.map(({ environment, url }) => `${environment} (${url})`).join(" and ")}`;
}

/** A page of this machine; names under `.localhost` are taken for loopback, whatever the resolver knows. */
function read(address) {
  const { hostname, port, pathname, host } = new URL(address);
  return new Promise((resolve, reject) => {
    const options = { host: hostname.endsWith(".localhost") ? "127.0.0.1" : hostname, port: port || 80, path: pathname, headers: { host } };
    request(options, (answer) => {
      let body = "";
      answer.on("data", (chunk) => (body += chunk));
      answer.on("end", () => resolve(body));
    })
      .on("error", reject)
      .end();
  });
}
