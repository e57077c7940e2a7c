import { execFileSync, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { docker, echoManifest, echoService, eventually, get } from "./application.ts";
import { actionOf, hasEnded, ReleasedApplication, waitsForApproval } from "./released-application.ts";

const webBackend = (name: string): Record<string, string> => echoService(name, "", "Backend Service");
const version = (value: string): string => echoManifest("web", `variables:\n  VERSION: ${value}\n`);

const controlPlane = (): string => {
  const instance = inject("environment")["COPILOT_INSTANCE"] ?? "";
  const [id] = docker(
    "ps",
    "--filter",
    `label=copilot.instance=${instance}`,
    "--filter",
    "label=copilot.role=control-plane",
    "--format",
    "{{.ID}}",
  );
  if (id === undefined) throw new Error("no control plane runs");
  return id;
};

describe("a release", () => {
  test("goes from a push over tests and an approval to production, and passes over what did not change", async () => {
    const application = new ReleasedApplication(echoService("web", "variables:\n  VERSION: one\n"));
    await application.withPipeline(
      `  - name: test
    test_commands: [curl --fail --silent http://web:8080/]
  - name: prod
    requires_approval: true`,
      ["test", "prod"],
    );
    application.push();
    await application.until(1, waitsForApproval);
    expect(await application.logs("--action", "TestCommands")).toContain("version one at /");
    const status = await application.copilot(["pipeline", "status", "--name", "release"]);
    expect(status.stdout).toContain("copilot pipeline approve --name release");
    await application.copilot(["pipeline", "approve", "--name", "release", "--comment", "looks good"]);
    const first = await application.until(1, hasEnded);
    expect(actionOf(first, "ApprovePromotionTo-prod").summary).toContain("looks good");
    expect((await get(await application.url("web", "prod"))).body).toContain("version one");

    application.commit("Words only", { "README.md": "words\n" });
    application.push();
    await application.until(2, waitsForApproval);
    const { changes } = await application.json<{ changes: readonly { difference: unknown }[] }>(["pipeline", "diff", "--name", "release"]);
    expect(changes.map(({ difference }) => difference)).toEqual([null]);
    await application.copilot(["pipeline", "approve", "--name", "release"]);
    expect(actionOf(await application.until(2, hasEnded), "CreateOrUpdate-web-prod").summary).toMatch(/^unchanged since revision 1/);
    const { decisions } = await application.json<{ decisions: readonly { environment: string; decision: string }[] }>(["why", "web"]);
    expect(decisions.slice(0, 2).map(({ decision }) => decision)).toEqual(["unchanged", "unchanged"]);
  });

  test("a rejection leaves production as it is", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline("  - name: test\n    requires_approval: true");
    application.push();
    await application.until(1, waitsForApproval);
    await application.copilot(["pipeline", "reject", "--name", "release", "--comment", "not today"]);
    const state = await application.until(1, hasEnded);
    expect([state.status, actionOf(state, "CreateOrUpdate-web-test").status]).toEqual(["failed", "pending"]);
    expect(actionOf(state, "ApprovePromotionTo-test").reason).toContain("not today");
    await application.copilot(["pipeline", "approve", "--name", "release"], { code: 1 });
  });

  test("the folder as it is can be released without a commit, and neither index nor branch changes", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline("  - name: test");
    application.write({ "copilot/web/manifest.yml": version("uncommitted") });
    const before = application.git("status", "--porcelain");
    await application.copilot(["pipeline", "run", "--name", "release"]);
    expect(application.git("status", "--porcelain")).toBe(before);
    expect((await get(await application.url("web"))).body).toContain("version uncommitted");
  });
});

describe("failures", () => {
  test("a failing build deploys nothing and shows its last lines; a retry after a repair elsewhere goes on from there", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline("  - name: test");
    application.commit("Break the build", {
      "copilot/pipelines/release/buildspec.yml": "version: 0.2\nphases: {build: {commands: ['echo no compiler here', 'exit 4']}}\n",
    });
    const state = await application.release();
    expect([state.status, actionOf(state, "Build")]).toEqual([
      "failed",
      { status: "failed", reason: "phase build: `exit 4` exited with 4" },
    ]);
    const status = await application.copilot(["pipeline", "status", "--name", "release"]);
    expect(status.stdout).toContain("│ no compiler here");
    await application.copilot(["pipeline", "retry", "--name", "release"], { code: 1 });
    expect(state.stages[2]?.actions[0]?.attempts).toBe(0);
  });

  test("a failing test stops the release in front of production; on_failure: rollback puts back what ran", async () => {
    const application = new ReleasedApplication(echoService("web", "variables:\n  VERSION: good\n"));
    await application.withPipeline(
      `  - name: test
    on_failure: rollback
    test_commands: ['curl --fail --silent http://web:8080/ | grep --invert-match bad']
  - name: prod`,
      ["test", "prod"],
    );
    expect((await application.release()).status).toBe("succeeded");
    application.commit("A bad version", { "copilot/web/manifest.yml": version("bad") });
    const state = await application.release(2);
    expect(state.status).toBe("failed");
    expect(state.stages[2]?.rollback).toMatchObject({ status: "done", restored: ["web"] });
    expect(actionOf(state, "CreateOrUpdate-web-prod").status).toBe("pending");
    expect((await get(await application.url("web"))).body).toContain("version good");
  });

  test("a deployment that does not become healthy fails its action with the container's own words, and the old version serves on", async () => {
    const application = new ReleasedApplication(echoService("web", "variables:\n  VERSION: good\n"));
    await application.withPipeline("  - name: test");
    expect((await application.release()).status).toBe("succeeded");
    application.commit("Crash", { "web/server.mjs": "console.log('no database'); process.exit(7);\n" });
    const state = await application.release(2);
    const action = state.stages[2]?.actions[0];
    expect(action?.failure?.reason).toContain("revision 1 serves on");
    expect(action?.failure?.lastLines?.join("\n")).toContain("no database");
    expect((await get(await application.url("web"))).body).toContain("version good");
  });

  test("an action that takes too long is ended, tried again and then failed, and nothing of it is left on the engine", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline(`  - name: test
    pre_deployments:
      slow: { buildspec: slow.yml, timeout: 3s, retries: 1 }`);
    application.commit("Wait for ever", { "slow.yml": "version: 0.2\nphases: {build: {commands: [sleep 600]}}\n" });
    const state = await application.release();
    const action = state.stages[2]?.actions.find(({ name }) => name === "slow");
    expect(action).toMatchObject({
      status: "failed",
      attempts: 2,
      failure: { kind: "timed-out", reason: "it took longer than 3 seconds" },
    });
    expect(docker("ps", "--all", "--filter", "label=copilot.role=build", "--format", "{{.Names}}")).toEqual([]);
  });

  test("stopping ends a build that is under way; a retry runs it again", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline(`  - name: test
    pre_deployments:
      wait: { buildspec: wait.yml }`);
    application.commit("Wait", { "wait.yml": "version: 0.2\nphases: {build: {commands: ['echo waiting', 'sleep 600']}}\n" });
    application.push();
    await application.until(1, (state) => actionOf(state, "wait").status === "in-progress");
    await eventually(
      () => application.logs("--action", "wait"),
      (log) => log.includes("waiting"),
    );
    await application.copilot(["pipeline", "stop", "--name", "release", "--reason", "wrong one"]);
    const state = await application.until(1, hasEnded);
    expect([state.status, actionOf(state, "wait").status]).toEqual(["stopped", "failed"]);
    await application.copilot(["pipeline", "retry", "--name", "release", "--detach"]);
    const again = await application.until(1, (now) => actionOf(now, "wait").status === "in-progress");
    expect(actionOf(again, "Build").status).toBe("succeeded");
    await application.copilot(["pipeline", "stop", "--name", "release"]);
  });

  test("of pushes during a run that waits, the newest goes on behind it and the others are superseded", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline("  - name: test\n    requires_approval: true");
    application.push();
    await application.until(1, waitsForApproval);
    for (const number of [2, 3]) {
      application.commit(`Change ${number}`, { "copilot/web/manifest.yml": version(String(number)) });
      application.push();
      await application.until(number, (state) => state.stages[1]?.status === "succeeded");
    }
    expect((await application.until(2, hasEnded)).status).toBe("superseded");
    await application.copilot(["pipeline", "approve", "--name", "release", "--execution", "1"]);
    expect((await application.until(1, hasEnded)).status).toBe("succeeded");
    await application.until(3, waitsForApproval);
    await application.copilot(["pipeline", "approve", "--name", "release", "--execution", "3"]);
    await application.until(3, hasEnded);
    expect((await get(await application.url("web"))).body).toContain("version 3");
  });

  test("a repository that cannot be reached is told, and starts nothing", async () => {
    const application = new ReleasedApplication(echoService("web"));
    const manifest = `name: release
version: 1
source: {provider: Git, properties: {branch: main, repository: "http://127.0.0.1:1/none.git"}}
stages: [{name: test}]
`;
    await application.withManifest(manifest, ["test"]);
    const { stdout } = await application.copilot(["pipeline", "status", "--name", "release"]);
    expect(stdout).toContain("http://127.0.0.1:1/none.git");
    const run = await application.copilot(["pipeline", "run", "--name", "release", "--remote", "--json"], { code: 1 });
    expect(JSON.parse(run.stderr.split("\n").find((line) => line.startsWith("{")) ?? "{}")).toMatchObject({
      error: { code: "source-unreachable" },
    });
  });
});

describe("durability", () => {
  test("a control plane killed in the middle of each kind of action goes on, and finished actions do not run again", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline(`  - name: test
    requires_approval: true
    pre_deployments:
      before: { buildspec: before.yml }
    post_deployments:
      after: { buildspec: after.yml }`);
    // Builds wait for a file, so that each of them is seen under way however fast they are.
    const gate = "until test -e /go; do sleep 0.2; done";
    const gated = `version: 0.2\nphases: {build: {commands: ['echo begun', '${gate}', 'echo finished']}}\n`;
    const buildspec = "copilot/pipelines/release/buildspec.yml";
    application.commit("Gated actions", {
      "before.yml": gated,
      "after.yml": gated,
      [buildspec]: application.read(buildspec).replace("commands:", `commands:\n      - ${gate}`),
    });
    application.push();
    const instance = ["--filter", `label=copilot.instance=${inject("environment")["COPILOT_INSTANCE"] ?? ""}`];
    const openGates = (): void =>
      docker("ps", "--quiet", ...instance, "--filter", "label=copilot.role=build").forEach((id) =>
        // One that has just been replaced cannot be entered any more.
        spawnSync("docker", ["exec", id, "sh", "-c", ": > /go"]),
      );
    const killed: string[] = [];
    for (const action of ["Build", "ApprovePromotionTo-test", "before", "CreateOrUpdate-web-test", "after"]) {
      const state = await application.until(1, (now) => actionOf(now, action).status !== "pending" || hasEnded(now));
      if (actionOf(state, action).status === "in-progress") {
        docker("kill", "--signal", "KILL", controlPlane());
        killed.push(action);
      }
      if (action === "ApprovePromotionTo-test") {
        await application.until(1, waitsForApproval);
        await application.copilot(["pipeline", "approve", "--name", "release"]);
      }
      await application.until(1, (now) => {
        openGates();
        return actionOf(now, action).status === "succeeded" || hasEnded(now);
      });
    }
    const state = await application.until(1, hasEnded);
    expect(state.status).toBe("succeeded");
    expect(killed).toEqual(expect.arrayContaining(["Build", "ApprovePromotionTo-test", "before", "after"]));
    expect(state.stages.flatMap(({ actions }) => actions.map(({ attempts }) => attempts))).toEqual([1, 1, 1, 1, 1, 1]);
    const finished = (await application.logs("--action", "before")).split("\n").filter((line) => line === "DeployTo-test/before finished");
    expect(finished).toHaveLength(1);
  });
});

describe("secrets", () => {
  test("a secret of the environment reaches its build, is masked in the log, and one of another application is refused", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline(`  - name: test
    pre_deployments:
      own: { buildspec: own.yml }
      foreign: { buildspec: foreign.yml, depends_on: [own] }`);
    await application.copilot(["secret", "init", "--name", "token", "--values", "test=hunter2-hunter2"]);
    const buildspec = (reference: string, command: string): string =>
      `version: 0.2\nenv: {parameter-store: {TOKEN: ${reference}}}\nphases: {build: {commands: ['${command}']}}\n`;
    application.commit("Use secrets", {
      "own.yml": buildspec(`/copilot/${application.name}/test/secrets/token`, "test $TOKEN = hunter2-hunter2 && echo it is $TOKEN"),
      "foreign.yml": buildspec("/copilot/other/test/secrets/token", "echo never"),
    });
    const state = await application.release();
    expect(actionOf(state, "own").status).toBe("succeeded");
    expect(actionOf(state, "foreign").reason).toContain("it is a secret of application other");
    const log = await application.logs();
    expect(log).toContain("it is ***");
    expect(log).not.toContain("hunter2");
  });

  test("a build sees the engine without the containers of others, cannot mount the host, and builds its own images", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline(`  - name: test
    pre_deployments:
      look: { buildspec: look.yml }`);
    const commands = [
      'test -z "$(docker ps --all --quiet)"',
      `if docker inspect ${controlPlane()}; then exit 1; fi`,
      "if docker run --rm --volume /:/host node:slim true; then exit 1; fi",
      "if docker run --rm --network host node:slim true; then exit 1; fi",
      "if docker run --rm --privileged node:slim true; then exit 1; fi",
      `if docker tag node:slim copilot/other/web:1; then exit 1; fi`,
      "docker run --name mine node:slim echo from a container",
      "docker logs mine",
      "printf 'FROM node:slim\\nRUN echo built\\n' | docker build --tag look-result -",
      "if copilot app show --name other; then exit 1; fi",
      "if copilot pipeline approve --name release; then exit 1; fi",
      "copilot svc ls --local --json",
    ];
    application.commit("Look around", {
      "look.yml": `version: 0.2\nphases:\n  build:\n    commands:\n${commands.map((command) => `      - ${JSON.stringify(command)}\n`).join("")}`,
    });
    const state = await application.release();
    expect(actionOf(state, "look"), await application.logs("--action", "look")).toMatchObject({ status: "succeeded" });
    expect(docker("ps", "--all", "--filter", "name=^mine$", "--format", "{{.Names}}")).toEqual([]);
    docker("rmi", "look-result");
  });

  test("a webhook must be signed with the pipeline's secret", async () => {
    const application = new ReleasedApplication(echoService("web"));
    await application.withPipeline("  - name: test");
    await application.copilot(["pipeline", "deploy", "--name", "release", "--yes"], { variables: { COPILOT_WEBHOOK_SECRET: "sesame" } });
    const origin = new URL(application.git("remote", "get-url", "copilot")).origin;
    const body = JSON.stringify({ ref: "refs/heads/main" });
    const send = (signature: string): Promise<number> =>
      fetch(`${origin}/webhooks/${application.name}/release`, {
        method: "POST",
        body,
        headers: { "x-github-event": "push", "x-hub-signature-256": signature },
      }).then(({ status }) => status);
    const sign = (secret: string): string => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    expect([await send(sign("guess")), await send(""), await send(sign("sesame"))]).toEqual([403, 403, 200]);
    const unknown = await fetch(`${origin}/git/${application.name}/info/refs?service=git-upload-pack`);
    expect(unknown.status).toBe(401);
  });
});

describe("the examples of the documentation, with a local repository", () => {
  const services = ["api-frontend"];
  const makefile = { Makefile: "test:\n\t@echo tested\n" };

  test("the first manifest: tests in test, then prod", async () => {
    const application = new ReleasedApplication({
      ...services.reduce((files, name) => ({ ...files, ...echoService(name) }), {}),
      ...makefile,
    });
    await application.withManifest(
      `name: release
version: 1
source:
  provider: GitHub
  properties:
    branch: main
    repository: copilot
stages:
    - # The name of the environment.
      name: test
      test_commands:
        - make test
        - echo "woo! Tests passed"
    - # The name of the environment.
      name: prod
      # requires_approval: true
`,
      ["test", "prod"],
    );
    const state = await application.release();
    expect(state.status, JSON.stringify(state.stages)).toBe("succeeded");
    expect(await application.logs("--action", "TestCommands")).toMatch(/tested[\s\S]*woo! Tests passed/);
  });

  test("the one with test_commands written as a list below a dash", async () => {
    const application = new ReleasedApplication({ ...echoService("api"), ...makefile });
    await application.withManifest(
      `name: release
version: 1
source:
  provider: GitHub
  properties:
    branch: main
    repository: copilot

stages:
    -
      name: test
      # A change will only deploy to the production stage if the
      # make test and echo commands exit successfully.
      test_commands:
        - make test
        - echo "woo! Tests passed"
    -
      name: prod
`,
      ["test", "prod"],
    );
    expect((await application.release()).status).toBe("succeeded");
  });

  test("actions before and after deployments, and require_approval as it is written there", async () => {
    const application = new ReleasedApplication({ ...webBackend("orders"), ...webBackend("warehouse"), ...echoService("frontend") });
    const folder = "copilot/pipelines/demo-api-frontend-main/buildspecs";
    const buildspec = (text: string): string =>
      `version: 0.2\nphases: {build: {commands: ['echo ${text} in $COPILOT_ENVIRONMENT_NAME of $COPILOT_APPLICATION_NAME']}}\n`;
    application.write({
      [`${folder}/buildspec.yml`]: buildspec("migrating"),
      [`${folder}/post_buildspec.yml`]: buildspec("migrated"),
      [`${folder}/integ-buildspec.yml`]: buildspec("integrated"),
    });
    await application.withPipeline(`    - name: test
      require_approval: true
      pre_deployments:
        db_migration:
          buildspec: ${folder}/buildspec.yml
      deployments:
        orders:
        warehouse:
        frontend:
          depends_on: [orders, warehouse]
      post_deployments:
        db_migration:
          buildspec: ${folder}/post_buildspec.yml
        integration:
          buildspec: ${folder}/integ-buildspec.yml
          depends_on: [db_migration]`);
    application.push();
    await application.until(1, waitsForApproval);
    await application.copilot(["pipeline", "approve", "--name", "release"]);
    const state = await application.until(1, hasEnded);
    expect(state.status, JSON.stringify(state.stages)).toBe("succeeded");
    const log = await application.logs("--stage", "DeployTo-test");
    expect(log).toMatch(new RegExp(`migrating in test of ${application.name}[\\s\\S]*migrated in test[\\s\\S]*integrated in test`));
    const endOf = (name: string): string => state.stages[2]?.actions.find((action) => action.name === name)?.endedAt ?? "";
    const startOf = (name: string): string => state.stages[2]?.actions.find((action) => action.name === name)?.startedAt ?? "";
    expect(startOf("CreateOrUpdate-frontend-test") >= endOf("CreateOrUpdate-orders-test")).toBe(true);
  });
});

const real = fileURLToPath(new URL("../../../shared/real", import.meta.url));
const realPresent = existsSync(real);

describe.skipIf(!realPresent)(
  `buildspecs that the original generated${realPresent ? "" : " (skipped: ../shared/real is not beside the checkout)"}`,
  () => {
    test.each([
      ["efekarakus__cftc20221003", "cftc-demo-pipeline"],
      ["iamhopaul123__aws-copilot-sample-service@d59cb88a7", "aws-copilot-sample-service-main"],
    ])("%s runs unchanged", async (repository, pipeline) => {
      const application = new ReleasedApplication(echoService("web"));
      const source = join(real, repository, "copilot/pipelines", pipeline, "buildspec.yml");
      const folder = `copilot/pipelines/${pipeline}`;
      const manifest = (name: string, more: string): string => `name: ${name}
version: 1
source: {provider: GitHub, properties: {branch: main, repository: copilot}}
${more}stages: [{name: test}]
`;
      application.write({ [`${folder}/buildspec.yml`]: readFileSync(source, "utf8"), [`${folder}/manifest.yml`]: manifest(pipeline, "") });
      await application.withManifest(manifest("release", `build: {buildspec: ${folder}/buildspec.yml}\n`), ["test"]);
      await application.copilot([
        "svc",
        "init",
        "--name",
        "web",
        "--svc-type",
        "Load Balanced Web Service",
        "--dockerfile",
        "web/Dockerfile",
      ]);
      const state = await application.release();
      expect(state.status, `${JSON.stringify(state.stages)}\n${await application.logs("--action", "Build")}`).toBe("succeeded");
      expect((await get(await application.url("web"))).status).toBe(200);
    });
  },
);

test("a clone of an application's repository needs the token and gets every commit", async () => {
  const application = new ReleasedApplication(echoService("web"));
  await application.withPipeline("  - name: test");
  application.push();
  const target = mkdtempSync(join(tmpdir(), "copilot-clone-"));
  onTestFinished(() => rmSync(target, { recursive: true, force: true }));
  const url = application.git("remote", "get-url", "copilot");
  const settings = application.git("config", "--get-regexp", "^credential\\.http://127").split("\n");
  const helper =
    settings
      .find((line) => line.includes(".helper"))
      ?.split(" ")
      .slice(1)
      .join(" ") ?? "";
  const environment = { ...process.env, ...inject("environment"), GIT_TERMINAL_PROMPT: "0" };
  execFileSync(
    "git",
    [
      "-c",
      `credential.${new URL(url).origin}.helper=${helper}`,
      "-c",
      `credential.${new URL(url).origin}.useHttpPath=true`,
      "clone",
      "--quiet",
      url,
      target,
    ],
    {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  expect(execFileSync("git", ["-C", target, "rev-parse", "HEAD"], { encoding: "utf8" }).trim()).toBe(application.git("rev-parse", "HEAD"));
  expect(() =>
    execFileSync("git", ["clone", "--quiet", url, `${target}-2`], {
      env: { ...environment, GIT_CONFIG_GLOBAL: "/dev/null" },
      stdio: "pipe",
    }),
  ).toThrow();
});

test("a pipeline of environments deploys their manifests, and one of a site brings its files along", async () => {
  const application = new ReleasedApplication({
    "copilot/guide/manifest.yml": "name: guide\ntype: Static Site\nfiles:\n  - source: site\n    recursive: true\n",
    "site/index.html": "<h1>the guide</h1>\n",
  });
  await application.withManifest(
    `name: release
version: 1
source: {provider: Git, properties: {branch: main, repository: copilot}}
stages:
  - name: test
    deployments:
      deploy-env:
        template_path: infrastructure/test.env.yml
        template_config: infrastructure/test.env.params.json
        stack_name: any
      guide: {depends_on: [deploy-env]}
`,
    ["test"],
  );
  const state = await application.release();
  expect(state.status, JSON.stringify(state.stages)).toBe("succeeded");
  expect((await get(await application.url("guide"))).body).toContain("the guide");
});
