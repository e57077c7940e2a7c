import { describe, expect, test } from "vitest";
import { Application, docker, echoService, eventually, get } from "./application.ts";

const waiting = 'process.on("SIGTERM", () => process.exit(0));\nconsole.log("up");\nsetInterval(() => undefined, 1000);\n';
const crashing = 'console.error("no such table: orders");\nprocess.exit(3);\n';

describe("two services with one route", () => {
  test("are told by validate and by deployments, and the first one goes on serving", async () => {
    const application = new Application({ ...echoService("api"), ...echoService("web", "variables:\n  VERSION: web\n") });
    await application.withEnvironment();
    const { stderr: told } = await application.copilot(["validate"]);
    expect(told).toContain("(the other claim: copilot/api/manifest.yml:7:9)");
    expect(told).toContain("──▶ copilot/web/manifest.yml:7:9");

    // As behind a load balancer of AWS, both run, and the one that came first has the requests, whatever their names.
    await application.copilot(["svc", "deploy", "--name", "web", "--env", "test"]);
    const later = await application.copilot(["svc", "deploy", "--name", "api", "--env", "test"]);
    expect(later.stderr).toContain("web has requests for / in test already and keeps them: api does not get these requests.");
    expect((await get(await application.url("web"))).body).toContain("version web");

    const together = await application.copilot(["deploy", "--all", "--env", "test"]);
    expect(together.stderr).toContain("(the other claim: copilot/api/manifest.yml:7:9)");
    expect(together.stderr).toContain("The one that was deployed first has it.");

    application.write({
      "copilot/web/manifest.yml": application.read("copilot/web/manifest.yml").replace("path: /", "path: /web"),
    });
    await application.copilot(["svc", "deploy", "--name", "web", "--env", "test"]);
    expect((await get(await application.url("web"))).body).toContain("version web");
  });
});

describe("a first deployment", () => {
  test("that fails or is cancelled says that nothing runs", async () => {
    const application = new Application(echoService("web"));
    application.write({ "web/server.mjs": crashing });
    await application.withEnvironment();
    const failed = await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"], { code: 1 });
    expect(failed.stderr).toContain("Nothing runs: there was no earlier version.");

    application.write({ "web/server.mjs": waiting });
    const deployment = application.start(["svc", "deploy", "--name", "web", "--env", "test"]);
    let stderr = "";
    deployment.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => deployment.on("close", resolve));
    const web = ["--filter", `label=copilot.application=${application.name}`, "--filter", "label=copilot.container=web"];
    await eventually(
      async () => docker("ps", "--quiet", ...web).flatMap((id) => docker("logs", id)),
      (lines) => lines.includes("up"),
    );
    deployment.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(stderr).toContain("was cancelled. Nothing runs: there was no earlier version.");
    expect(stderr).not.toContain("still runs");
  });

  test("of an image without a program says what to add", async () => {
    const application = new Application(echoService("web"));
    application.write({ "web/Dockerfile": "FROM node:slim\nCMD []\nENTRYPOINT []\nEXPOSE 8080\n" });
    await application.withEnvironment();
    const { stderr } = await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"], { code: 1 });
    expect(stderr).toContain("its image names no program: add CMD to its Dockerfile, or `command` to the manifest");
  });
});
