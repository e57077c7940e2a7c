import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Application, docker, echoManifest, echoService, eventually, get, leftovers, timed } from "./application.ts";

describe("deploying a service", () => {
  test("answers at its URL, and a second deployment builds, starts and writes nothing", async () => {
    const application = new Application(echoService("web"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");
    expect((await get(url)).body).toContain("version 1");

    const containers = docker("ps", "--all", "--no-trunc", "--format", "{{.ID}}").toSorted();
    const images = docker("images", "--no-trunc", "--format", "{{.ID}} {{.CreatedAt}}").toSorted();
    const files = application.listing();
    const again = await application.copilot(["deploy", "--all", "--env", "test"]);
    expect(again.stderr).toContain("nothing changed since revision 1");
    expect(docker("ps", "--all", "--no-trunc", "--format", "{{.ID}}").toSorted()).toEqual(containers);
    expect(docker("images", "--no-trunc", "--format", "{{.ID}} {{.CreatedAt}}").toSorted()).toEqual(images);
    expect(application.listing()).toEqual(files);
  });

  test("leaves nothing on the engine once the application is deleted", async () => {
    const application = new Application(
      echoService("web", "storage:\n  volumes:\n    data:\n      efs: true\n      path: /data\n      read_only: false\n"),
    );
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    await application.copilot(["env", "init", "--name", "prod", "--default-config"]);
    await application.copilot(["deploy", "--all", "--deploy-env", "--env", "prod"]);
    expect(leftovers(application.name)).not.toEqual([]);
    await application.copilot(["app", "delete", "--yes"]);
    expect(leftovers(application.name)).toEqual([]);
    expect((await application.copilot(["app", "ls"])).stdout).not.toContain(application.name);
    expect(application.read("copilot/web/manifest.yml")).toBe(
      echoManifest("web", "storage:\n  volumes:\n    data:\n      efs: true\n      path: /data\n      read_only: false\n"),
    );
  });

  test("loses no request at 200 a second while the service is deployed ten times", async () => {
    const application = new Application(echoService("web", "variables:\n  VERSION: v0\n"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");

    const stop = new AbortController();
    const failures: string[] = [];
    let asked = 0;
    const pending = new Set<Promise<void>>();
    const client = (async () => {
      let due = performance.now();
      while (!stop.signal.aborted) {
        for (; due <= performance.now(); due += 5) {
          // A machine that cannot answer so many is not asked for more meanwhile.
          if (pending.size >= 100) continue;
          asked++;
          const one = get(url, 60).then(
            ({ status }) => void (status === 200 || failures.push(String(status))),
            (error: Error) => void failures.push(error.message),
          );
          pending.add(one);
          void one.finally(() => pending.delete(one));
        }
        await pause(5);
      }
      await Promise.all(pending);
    })();

    for (let version = 1; version <= 10; version++) {
      application.write({ "copilot/web/manifest.yml": echoManifest("web", `variables:\n  VERSION: v${version}\n`) });
      await application.copilot(["svc", "deploy", "--name", "web", "--env", "test"]);
      expect((await get(url)).body).toContain(`version v${version} `);
    }
    stop.abort();
    await client;
    expect(asked).toBeGreaterThan(1000);
    expect(failures).toEqual([]);
  });

  test("gives the verdict on an image that crashes at once within ten seconds, with its exit code and last lines, the old version serving on", async () => {
    const application = new Application(echoService("web", "variables:\n  VERSION: good\n"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");

    application.write({ "web/server.mjs": 'console.error("no such table: orders");\nprocess.exit(3);\n' });
    await application.copilot(["svc", "package", "--name", "web", "--env", "test"]);
    let stderr = "";
    const { took, pace } = await timed(async () => {
      ({ stderr } = await application.copilot(["svc", "deploy", "--name", "web", "--env", "test"], { code: 1 }));
    });
    expect(took).toBeLessThan(Math.max(10_000, 15 * pace));
    expect(stderr).toContain("3");
    expect(stderr).toContain("no such table: orders");
    expect((await get(url)).body).toContain("version good");
    const status = await application.json<{ Service: { runningCount: number } }>(["svc", "status", "--name", "web", "--env", "test"]);
    expect(status.Service.runningCount).toBe(1);
  });

  test("brings a service back whose container is killed", async () => {
    const application = new Application(echoService("web"));
    await application.withEnvironment();
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);
    const url = await application.url("web");
    const main = docker(
      "ps",
      "--filter",
      `label=copilot.application=${application.name}`,
      "--filter",
      "label=copilot.container=web",
      "--format",
      "{{.ID}}",
    );
    expect(main).toHaveLength(1);
    docker("kill", ...main);
    const answer = await eventually(
      () => get(url),
      ({ status }) => status === 200,
    );
    expect(answer.body).toContain("version 1");
  });
});
