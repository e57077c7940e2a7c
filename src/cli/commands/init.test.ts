import { describe, expect, test } from "vitest";
import { CommandBench, createAnswers, webManifest } from "../../../test/fakes/fake-context.ts";

const files = {
  Dockerfile: 'FROM node:slim\nEXPOSE 3000\nHEALTHCHECK --interval=5s CMD ["node", "/check.mjs"]\nCMD ["node", "/server.mjs"]\n',
};

describe("init", () => {
  test("goes from a Dockerfile to an address with five answers", async () => {
    const bench = new CommandBench(files);
    const { prompts, asked } = createAnswers([
      [/application called/, "shop"],
      [/type of workload/, "Load Balanced Web Service"],
      [/service called/, "web"],
      [/Dockerfile/, "./Dockerfile"],
      [/Deploy it/, true],
    ]);
    const { stderr } = await bench.run(["init"], 0, { prompts });
    expect(asked).toHaveLength(5);
    expect(stderr).toContain("http://localhost:40000");
    const manifest = bench.read("copilot/web/manifest.yml");
    expect(manifest).toContain("# yaml-language-server: $schema=");
    expect(manifest).toContain("port: 3000");
    expect(manifest).toContain("interval: 5s");
    expect(bench.state.manifests.has("shop/test")).toBe(true);
  });

  test("needs no answer when flags give all, and names the flag of one that is missing", async () => {
    const given = ["--app", "shop", "--name", "web", "--type", "Load Balanced Web Service", "--dockerfile", "./Dockerfile"];
    await new CommandBench(files).run(["init", ...given, "--deploy"]);
    expect((await new CommandBench(files).run(["init", ...given], 1)).stderr).toContain("--deploy");
    const left = await new CommandBench(files).run(["init", ...given, "--deploy=false"]);
    expect(left.stderr).toContain("copilot env init");
    expect((await new CommandBench(files).run(["init", "--app", "shop"], 1)).stderr).toContain("--type");
  });

  test("publishes a site's files", async () => {
    const bench = new CommandBench({ "site/index.html": "<p>hello" });
    await bench.run(["init", "--app", "shop", "--name", "guide", "--type", "Static Site", "--sources", "site", "--deploy"]);
    expect(bench.read("copilot/guide/manifest.yml")).toMatch(/source: site\s+recursive: true/);
  });

  test("takes a manifest over that is there", async () => {
    const bench = new CommandBench({ "copilot/web/manifest.yml": webManifest("web") });
    await bench.run(["init", "--app", "shop", "--name", "web", "--deploy"]);
    expect(bench.read("copilot/web/manifest.yml")).toBe(webManifest("web"));
    expect(bench.state.deployed.has("shop/test/web")).toBe(true);
  });

  test("says the second time that all exists", async () => {
    const bench = new CommandBench(files);
    const words = ["init", "--app", "shop", "--name", "web", "--type", "Load Balanced Web Service", "--dockerfile", "./Dockerfile"];
    const first = await bench.run([...words, "--deploy=false"]);
    expect(first.stderr).toContain("✔ Registered the service web.");
    const second = await bench.run([...words, "--deploy=false"]);
    expect(second.stderr).toContain("The manifest copilot/web/manifest.yml exists and was left alone.");
    expect(second.stderr).toContain("The service web exists already.");
    expect(second.stderr).not.toContain("Registered");
  });

  test("creates nothing when an answer is missing", async () => {
    const bench = new CommandBench(files);
    await bench.run(["init", "--app", "shop", "--name", "web"], 1);
    expect(bench.state.applications.size).toBe(0);
  });
});

describe("svc init and job init", () => {
  async function workspace(more: Readonly<Record<string, string>> = {}): Promise<CommandBench> {
    const bench = new CommandBench({ ...files, ...more });
    await bench.run(["app", "init", "shop"]);
    return bench;
  }

  test("asks for the port only where EXPOSE does not say it", async () => {
    const bench = await workspace({ "two/Dockerfile": "FROM scratch\nEXPOSE 80 443\n", "none/Dockerfile": "FROM scratch\n" });
    const type = ["--svc-type", "Load Balanced Web Service"];
    expect((await bench.run(["svc", "init", "-n", "two", ...type, "-d", "two/Dockerfile"], 1)).stderr).toContain("--port");
    const { prompts } = createAnswers([[/port/, undefined]]);
    await bench.run(["svc", "init", "-n", "two", ...type, "-d", "two/Dockerfile"], 0, { prompts });
    expect(bench.read("copilot/two/manifest.yml")).toContain("port: 80\n");
    await bench.run(["svc", "init", "-n", "none", "-t", "Backend Service", "-d", "none/Dockerfile"]);
    expect(bench.read("copilot/none/manifest.yml")).not.toMatch(/^ {2}port:/m);
  });

  test("writes a worker with its topics, a site with its files, and a service of an image", async () => {
    const bench = await workspace({ "site/index.html": "<p>hello" });
    await bench.run(["svc", "init", "-n", "packer", "-t", "Worker Service", "-i", "example/packer", "--subscribe-topics", "api:orders"]);
    expect(bench.read("copilot/packer/manifest.yml")).toMatch(/name: orders\s+service: api/);
    await bench.run(["svc", "init", "-n", "guide", "-t", "Static Site", "--sources", "site"]);
    expect(bench.read("copilot/guide/manifest.yml")).toMatch(/source: site\s+recursive: true/);
    await bench.run([
      "svc",
      "init",
      "-n",
      "front",
      "-t",
      "Request-Driven Web Service",
      "-i",
      "example/front",
      "--port",
      "80",
      "--ingress-type",
      "Environment",
    ]);
    expect(bench.read("copilot/front/manifest.yml")).toContain("private: true");
    expect([...bench.state.workloads.keys()]).toEqual(["shop/packer", "shop/guide", "shop/front"]);
  });

  test("writes a job, and asks for its schedule", async () => {
    const bench = await workspace();
    await bench.run(["job", "init", "-n", "report", "-d", "Dockerfile", "-s", "@daily", "--retries", "3", "--timeout", "1h"]);
    expect(bench.read("copilot/report/manifest.yml")).toMatch(/schedule: "@daily"[\s\S]*retries: 3[\s\S]*timeout: 1h/);
    const { prompts } = createAnswers([
      [/scheduled/, "Rate"],
      [/two runs/, "10m"],
    ]);
    await bench.run(["job", "init", "-n", "often", "-d", "Dockerfile"], 0, { prompts });
    expect(bench.read("copilot/often/manifest.yml")).toContain('schedule: "@every 10m"');
  });

  test("gives every further Load Balanced Web Service a path of its own", async () => {
    const bench = await workspace();
    const type = ["-t", "Load Balanced Web Service", "-i", "x", "--port", "80"];
    for (const name of ["web", "shop"]) await bench.run(["svc", "init", "-n", name, ...type]);
    expect(bench.read("copilot/web/manifest.yml")).toContain('path: "/"');
    expect(bench.read("copilot/shop/manifest.yml")).toContain('path: "/shop"');
  });

  test("refuses a schedule that no manifest may hold before anything is written", async () => {
    const bench = await workspace();
    const { stderr } = await bench.run(["job", "init", "-n", "report", "-d", "Dockerfile", "-s", "every day"], 1);
    expect(stderr).toContain("5 fields");
    expect([...bench.state.workloads.keys()]).toEqual([]);
  });

  test("refuses names and paths that cannot be", async () => {
    const bench = await workspace();
    await bench.run(["svc", "init", "-n", "pipelines", "-t", "Backend Service", "-i", "x"], 1);
    await bench.run(["svc", "init", "-n", "Web", "-t", "Backend Service", "-i", "x"], 1);
    await bench.run(["svc", "init", "-n", "web", "-t", "Backend Service", "-d", "../Dockerfile"], 1);
    await bench.run(["svc", "init", "-n", "web", "-t", "Backend Service", "-d", "none/Dockerfile"], 1);
    await bench.run(["svc", "init", "-n", "web", "-t", "Backend Service", "-i", "x", "-d", "Dockerfile"], 1);
    bench.write({ "copilot/web/manifest.yml": webManifest("web") });
    expect((await bench.run(["job", "init", "-n", "web", "-i", "x"], 1)).stderr).toContain("copilot svc init --name web");
  });
});
