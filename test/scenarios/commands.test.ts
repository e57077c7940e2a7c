import { describe, expect, test } from "vitest";
import { Application, docker, echoService, eventually, get } from "./application.ts";

const jobManifest = (name: string, more: string): string => `name: ${name}
type: Scheduled Job
image:
  build: ${name}/Dockerfile
on:
  schedule: "@yearly"
cpu: 256
memory: 256
${more}`;

const jobFiles = (name: string, program: string, more = ""): Record<string, string> => ({
  [`copilot/${name}/manifest.yml`]: jobManifest(name, more),
  [`${name}/Dockerfile`]: 'FROM node:slim\nCOPY job.mjs /job.mjs\nCMD ["node", "/job.mjs"]\n',
  [`${name}/job.mjs`]: program,
});

describe("commands", () => {
  test("init goes from a Dockerfile to a URL with flags for its five answers", async () => {
    const application = new Application({
      Dockerfile: 'FROM node:slim\nCOPY server.mjs /server.mjs\nEXPOSE 8080\nCMD ["node", "/server.mjs"]\n',
      "server.mjs": 'import { createServer } from "node:http";\ncreateServer((request, response) => response.end("hello")).listen(8080);\n',
    });
    const { stdout, stderr } = await application.copilot([
      "init",
      `--app=${application.name}`,
      "--name=web",
      "--type=Load Balanced Web Service",
      "--dockerfile=./Dockerfile",
      "--deploy",
    ]);
    expect(application.read("copilot/web/manifest.yml")).toMatch(/port: 8080/);
    const url = await application.url("web");
    expect(stdout + stderr).toContain(url);
    expect((await get(url)).body).toBe("hello");
  });

  test("show, ls, status, logs, releases and package tell what is deployed, as text and as JSON", async () => {
    const application = new Application(echoService("web", "variables:\n  COLOUR: green\n"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);

    expect(await application.json(["svc", "ls"])).toEqual({
      services: [{ app: application.name, name: "web", type: "Load Balanced Web Service" }],
    });
    expect(await application.json(["job", "ls"])).toEqual({ jobs: null });
    expect(await application.json(["env", "ls"])).toMatchObject({ environments: [{ app: application.name, name: "test" }] });
    expect(await application.json(["app", "show"])).toMatchObject({
      name: application.name,
      environments: [{ name: "test" }],
      services: [{ name: "web" }],
    });
    expect(await application.json(["env", "show", "--name", "test"])).toMatchObject({
      environment: { name: "test" },
      services: [{ name: "web" }],
    });
    expect(await application.json(["svc", "show", "--name", "web"])).toMatchObject({
      service: "web",
      type: "Load Balanced Web Service",
      configurations: [{ environment: "test", port: "8080", cpu: "256", memory: "256" }],
      variables: expect.arrayContaining([expect.objectContaining({ name: "COLOUR", value: "green" })]),
    });
    expect(await application.json(["svc", "status", "--name", "web", "--env", "test"])).toMatchObject({
      Service: { desiredCount: 1, runningCount: 1 },
    });
    expect((await application.copilot(["svc", "status", "--name", "web", "--env", "test"])).stdout).toMatch(/running|healthy/i);
    const logs = await application.copilot(["svc", "logs", "--name", "web", "--env", "test"]);
    expect(logs.stdout).toContain("listening, version 1");
    const shown = await application.copilot(["svc", "show", "--name", "web", "--manifest", "test"]);
    expect(shown.stdout).toContain("COLOUR: green");
    const { stdout } = await application.copilot(["svc", "package", "--name", "web", "--env", "test"]);
    expect(JSON.parse(stdout)).toMatchObject({ format: "copilot-stack/1", workload: "web" });
    expect((await application.copilot(["svc", "package", "--name", "web", "--env", "test", "--diff"])).code).toBe(0);
    application.write({ "copilot/web/manifest.yml": application.read("copilot/web/manifest.yml").replace("green", "blue") });
    const diff = await application.copilot(["svc", "package", "--name", "web", "--env", "test", "--diff"], { code: 1 });
    expect(diff.stdout).toContain("blue");
  });

  test("svc pause ends the tasks of a service until svc resume, and deploy --all wakes nobody", async () => {
    const application = new Application(echoService("web"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");
    const at = ["--name", "web", "--env", "test"];
    const running = (): string[] =>
      docker("ps", "--quiet", "--filter", `label=copilot.application=${application.name}`, "--filter", "label=copilot.container=web");
    await application.copilot(["svc", "pause", ...at, "--yes"]);
    expect(running()).toEqual([]);
    expect((await get(url)).status).toBe(503);
    expect(await application.json(["svc", "status", ...at])).toMatchObject({ Service: { status: "PAUSED", runningCount: 0 } });
    await application.copilot(["deploy", "--all", "--env", "test"]);
    expect(running()).toEqual([]);
    const { stderr } = await application.copilot(["svc", "resume", ...at]);
    expect(stderr).toContain(url);
    expect((await get(url)).status).toBe(200);
    expect(running()).toHaveLength(1);
  });

  test("svc exec runs a command in the running container", async () => {
    const application = new Application(echoService("web", "exec: true\n"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const { stdout } = await application.copilot(["svc", "exec", "--name", "web", "--env", "test", "--command", "node -p 6*7"]);
    expect(stdout.trim()).toBe("42");
  });

  test("secrets reach the container, and stand in no output, inspectable journal or document", async () => {
    const application = new Application(
      echoService("web", "secrets:\n  TOKEN: /copilot/${COPILOT_APPLICATION_NAME}/${COPILOT_ENVIRONMENT_NAME}/secrets/token\n"),
    );
    await application.withEnvironment();
    const missing = await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"], { code: 1 });
    expect(missing.stderr).toContain("token");
    application.write({ "secrets.yml": "token:\n  test: very-unlikely-to-guess\n" });
    await application.copilot(["secret", "init", "--cli-input-yaml", "secrets.yml"]);
    await application.copilot(["deploy", "--all", "--env", "test"]);
    const answer = await get(new URL("/env", await application.url("web")).href);
    expect(JSON.parse(answer.body)).toMatchObject({ TOKEN: "very-unlikely-to-guess" });
    const { stdout } = await application.copilot(["svc", "package", "--name", "web", "--env", "test"]);
    expect(stdout).not.toContain("very-unlikely-to-guess");
  });

  test("a job runs on demand, is retried, and its history and logs are kept", async () => {
    const application = new Application({
      ...jobFiles("good", 'console.log("counted 3 things");\n'),
      ...jobFiles("bad", 'console.error("cannot count");\nprocess.exit(4);\n', "retries: 0\n"),
    });
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    await application.copilot(["job", "run", "--name", "good", "--env", "test"]);
    await eventually(
      () => application.copilot(["job", "logs", "--name", "good", "--env", "test"]),
      ({ stdout }) => stdout.includes("counted 3 things"),
    );
    const failed = await application.copilot(["job", "run", "--name", "bad", "--env", "test"], { code: undefined });
    await eventually(
      () => application.copilot(["job", "logs", "--name", "bad", "--env", "test"]),
      ({ stdout }) => stdout.includes("cannot count"),
    );
    expect(failed.stdout + failed.stderr).not.toContain("at Object.");
  });

  test("a missing answer without a terminal names its flag, and a mistake in a manifest its place", async () => {
    const application = new Application(echoService("web"));
    const missing = await application.copilot(["svc", "deploy", "--env", "test"], { code: 1 });
    expect(missing.stderr).toMatch(/copilot app init|--app/);
    await application.withEnvironment();
    application.write({ "copilot/web/manifest.yml": application.read("copilot/web/manifest.yml").replace("port: 8080", "prot: 8080") });
    const wrong = await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"], { code: 1 });
    expect(wrong.stderr).toContain("copilot/web/manifest.yml:5:3");
    expect(wrong.stderr).toContain("port");
  });

  test("two environments differ by their overrides and secrets, and deleting one leaves the other", async () => {
    const application = new Application(
      echoService("web", "variables:\n  VERSION: base\nenvironments:\n  prod:\n    count: 2\n    variables:\n      VERSION: prod\n"),
    );
    await application.withEnvironment("test");
    await application.copilot(["env", "init", "--name", "prod", "--default-config"]);
    await application.copilot(["env", "deploy", "--name", "prod"]);
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    await application.copilot(["deploy", "--all", "--env", "prod"]);
    expect((await get(await application.url("web", "test"))).body).toContain("version base");
    const prod = await application.url("web", "prod");
    expect((await get(prod)).body).toContain("version prod");
    const status = await application.json<{ Service: { runningCount: number } }>(["svc", "status", "--name", "web", "--env", "prod"]);
    expect(status.Service.runningCount).toBe(2);
    await application.copilot(["svc", "delete", "--name", "web", "--env", "test", "--yes"]);
    await application.copilot(["env", "delete", "--name", "test", "--yes"]);
    expect((await get(prod)).body).toContain("version prod");
  });
});
