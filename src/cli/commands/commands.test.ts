import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CommandBench, createAnswers, jobManifest, webManifest } from "../../../test/fakes/fake-context.ts";

const files = {
  "copilot/web/manifest.yml": webManifest("web", "variables:\n  COLOUR: green\n"),
  "copilot/report/manifest.yml": jobManifest("report"),
};

async function deployed(): Promise<CommandBench> {
  const bench = new CommandBench(files);
  await bench.withEnvironment();
  await bench.run(["deploy", "--all", "--env", "test"]);
  return bench;
}

const jsonOf = async (bench: CommandBench, ...argv: string[]): Promise<unknown> =>
  JSON.parse((await bench.run([...argv, "--json"])).stdout);

describe("app", () => {
  test("init ties the folder to an application, and again changes nothing", async () => {
    const bench = new CommandBench();
    await bench.run(["app", "init", "shop", "--resource-tags", "team=a"]);
    expect(bench.read("copilot/.workspace")).toBe("application: shop\ntarget: docker\n");
    expect(bench.state.applications.get("shop")).toEqual({ name: "shop", target: "docker", tags: { team: "a" } });
    await bench.run(["app", "init"]);
    expect(bench.state.applications.size).toBe(1);
  });

  test("init refuses a second application in one workspace, and names that are none", async () => {
    const bench = new CommandBench();
    await bench.run(["app", "init", "shop"]);
    expect((await bench.run(["app", "init", "other"], 1)).stderr).toContain("belongs to the application shop");
    await new CommandBench().run(["app", "init", "Shop_1"], 1);
    expect((await new CommandBench().run(["app", "init"], 1)).stderr).toContain("copilot app init NAME");
  });

  test("ls and show tell what there is", async () => {
    const bench = await deployed();
    expect((await bench.run(["app", "ls"])).stdout).toBe("shop\n");
    expect(await jsonOf(bench, "app", "show")).toMatchObject({
      name: "shop",
      environments: [{ app: "shop", name: "test" }],
      services: [{ name: "web" }],
      jobs: [{ name: "report" }],
      pipelines: null,
    });
    expect((await bench.run(["app", "show"])).stdout).toMatch(/web\s+Load Balanced Web Service\s+test/);
  });

  test("delete forgets everything but manifests, once it is sure", async () => {
    const bench = await deployed();
    expect((await bench.run(["app", "delete"], 1)).stderr).toContain("--yes");
    await bench.run(["app", "delete"], 0, { prompts: createAnswers([[/Delete the application/, false]]).prompts });
    expect(bench.state.applications.size).toBe(1);
    await bench.run(["app", "delete", "--yes"]);
    expect(bench.state.applications.size + bench.state.deployed.size).toBe(0);
    expect(existsSync(join(bench.folder, "copilot/.workspace"))).toBe(false);
    expect(existsSync(join(bench.folder, "copilot/web/manifest.yml"))).toBe(true);
  });

  test("a workspace of the original without AWS credentials lives on Docker, and with them on AWS", async () => {
    const targets: string[] = [];
    const bench = new CommandBench({ "copilot/.workspace": "application: shop\n" });
    const { openTarget } = bench.context;
    const watched = {
      openTarget: (...[target, report]: Parameters<typeof openTarget>) => (targets.push(target), openTarget(target, report)),
    };
    await bench.run(["app", "ls"], 0, watched);
    await bench.run(["app", "ls"], 0, { ...watched, variables: { AWS_PROFILE: "me" } });
    expect(targets).toEqual(["docker", "aws"]);
  });
});

describe("env", () => {
  test("init writes a manifest once and registers once", async () => {
    const bench = new CommandBench();
    await bench.run(["app", "init", "shop"]);
    await bench.run(["env", "init", "--name", "test"]);
    bench.write({ "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n# mine\n" });
    await bench.run(["env", "init", "--name", "test"]);
    expect(bench.read("copilot/environments/test/manifest.yml")).toContain("# mine");
    expect(await jsonOf(bench, "env", "ls")).toEqual({
      environments: [{ app: "shop", name: "test", region: "", accountID: "", target: "docker", port: 40_000 }],
    });
    expect((await bench.run(["env", "init", "--name", "prod", "--target", "aws"], 1)).stderr).toContain("cannot do it yet");
  });

  test("deploy, package and show work on the manifest", async () => {
    const bench = await deployed();
    expect((await bench.run(["env", "deploy"])).stderr).toContain("--force");
    expect((await bench.run(["env", "package", "--name", "test", "--diff"])).stdout).toBe("No changes.\n");
    bench.write({ "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n# mine\n" });
    await bench.run(["env", "package", "--name", "test", "--diff"], 1);
    expect(JSON.parse((await bench.run(["env", "package", "--name", "test"])).stdout)).toMatchObject({ name: "test" });
    expect(await jsonOf(bench, "env", "show", "--name", "test")).toMatchObject({ services: [{ name: "web" }], jobs: [{ name: "report" }] });
    expect((await bench.run(["env", "show", "--name", "test", "--manifest"])).stdout).toContain("type: Environment");
    await bench.run(["env", "show", "--name", "test", "--manifest", "--json"], 1);
  });

  test("deploy reports mistakes of the manifest with their place", async () => {
    const bench = new CommandBench();
    await bench.withEnvironment();
    bench.write({ "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\nntework: {}\n" });
    expect((await bench.run(["env", "deploy"], 1)).stderr).toContain("copilot/environments/test/manifest.yml:3:1");
  });

  test("delete refuses while something is deployed", async () => {
    const bench = await deployed();
    expect((await bench.run(["env", "delete", "--name", "test", "--yes"], 1)).stderr).toContain("report, web are deployed in it");
    await bench.run(["svc", "delete", "--name", "web", "--env", "test", "--yes"]);
    await bench.run(["job", "delete", "--name", "report", "--yes"]);
    expect([...bench.state.workloads.keys()]).toEqual(["shop/web"]);
    await bench.run(["env", "delete", "--name", "test", "--yes"]);
    expect(bench.state.environments.size).toBe(0);
  });

  test("names the environments there are when one is not found", async () => {
    expect((await (await deployed()).run(["svc", "deploy", "-n", "web", "-e", "prod"], 1)).stderr).toContain("there are test");
  });
});

describe("svc and job", () => {
  test("ls prints null for nothing, as buildspecs expect", async () => {
    const bench = new CommandBench();
    await bench.run(["app", "init", "shop"]);
    expect(await jsonOf(bench, "svc", "ls")).toEqual({ services: null });
    expect(await jsonOf(bench, "job", "ls")).toEqual({ jobs: null });
  });

  test("ls --local has only what has a manifest here", async () => {
    const bench = await deployed();
    bench.state.workloads.set("shop/far", { application: "shop", name: "far", type: "Backend Service" });
    expect(await jsonOf(bench, "svc", "ls", "--local")).toEqual({
      services: [{ app: "shop", name: "web", type: "Load Balanced Web Service" }],
    });
    expect((await bench.run(["svc", "ls"])).stdout).toContain("far");
  });

  test("show has the original's shape, and the manifest that was deployed", async () => {
    const bench = await deployed();
    expect(await jsonOf(bench, "svc", "show", "--name", "web")).toMatchObject({
      service: "web",
      type: "Load Balanced Web Service",
      application: "shop",
      configurations: [{ environment: "test", port: "8080", cpu: "256", memory: "512", tasks: "1" }],
      routes: [{ environment: "test", url: "http://localhost:40000" }],
      serviceDiscovery: [{ environment: ["test"], endpoint: "web.test.shop.local:8080" }],
      variables: [{ environment: "test", name: "COLOUR", value: "green", container: "web" }],
      secrets: null,
    });
    expect((await bench.run(["svc", "show", "--name", "web", "--manifest", "test"])).stdout).toContain("COLOUR: green");
    expect((await bench.run(["svc", "show", "--name", "web", "--resources"])).stdout).toContain("copilot-web");
    await bench.run(["svc", "show", "--name", "none"], 1);
  });

  test("show needs no name for the only service, wherever it is deployed", async () => {
    const bench = await deployed();
    await bench.run(["env", "init", "--name", "prod"]);
    await bench.run(["svc", "deploy", "--name", "web", "--env", "prod"]);
    const { stdout, stderr } = await bench.run(["svc", "show"]);
    expect(stderr).toContain("Only found one service, taking web.");
    expect(stdout).toMatch(/Environment +Tasks[^]*test +1[^]*prod +1/);
    expect((await bench.run(["env", "show", "--name", "test", "--resources"])).stdout.match(/copilot-web/g)).toHaveLength(1);
  });

  test("status tells of tasks, as text and in the original's shape", async () => {
    const bench = await deployed();
    expect((await bench.run(["svc", "status"])).stdout).toContain("1/1 desired tasks are running");
    expect(await jsonOf(bench, "svc", "status", "--name", "web")).toMatchObject({
      Service: { desiredCount: 1, runningCount: 1 },
      tasks: [{ health: "HEALTHY", lastStatus: "RUNNING", images: [{ ID: "web" }] }],
      alarms: null,
    });
  });

  test("logs shows the newest ten, or what a time asks for", async () => {
    const bench = await deployed();
    for (let minute = 0; minute < 20; minute++)
      bench.state.logs.push({
        at: `2026-01-01T00:${String(minute + 30)}:00.000Z`,
        workload: "web",
        task: "web0001",
        container: "web",
        stream: "stdout",
        message: `line ${minute}`,
      });
    const { stdout } = await bench.run(["svc", "logs", "--name", "web", "--env", "test"]);
    expect(stdout.trim().split("\n")).toHaveLength(10);
    expect(stdout).toContain("copilot/web/web0001 line 19");
    const since = await bench.run(["svc", "logs", "--name", "web", "--env", "test", "--since", "15m", "--json"]);
    const lines = since.stdout.trim().split("\n");
    expect(lines).toHaveLength(5);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      logStreamName: "copilot/web/web0001",
      ingestionTime: Date.parse("2026-01-01T00:45:00Z"),
      message: "line 15",
      timestamp: Date.parse("2026-01-01T00:45:00Z"),
    });
    await bench.run(["svc", "logs", "--previous", "--tasks", "a"], 1);
    await bench.run(["svc", "logs", "--since", "1h", "--start-time", "2026-01-01T00:00:00Z"], 1);
    await bench.run(["svc", "logs", "--start-time", "yesterday"], 1);
    expect((await bench.run(["svc", "logs", "--name", "web", "--env", "test", "--previous"])).stderr).toContain(
      "no task of web has stopped",
    );
  });

  test("exec runs the words of a command in the main container", async () => {
    const bench = await deployed();
    await bench.run(["svc", "exec", "--name", "web", "--env", "test", "--command", "node -p '6 * 7'"]);
    expect(bench.attached).toEqual([["docker", "exec", "-i", "id-web", "node", "-p", "6 * 7"]]);
    expect((await bench.run(["svc", "exec", "--name", "web", "--container", "envoy"], 1)).stderr).toContain("it has web");
    await bench.run(["svc", "exec", "--name", "web", "--env", "test", "--task-id", "zzz"], 1);
  });

  test("releases are listed, and a rollback makes a new one of an old", async () => {
    const bench = await deployed();
    expect((await bench.run(["svc", "rollback", "--name", "web", "--yes"], 1)).stderr).toContain("no earlier release");
    await bench.run(["svc", "deploy", "--name", "web", "--force"]);
    await bench.run(["svc", "rollback", "--name", "web", "--yes"]);
    const { releases } = (await jsonOf(bench, "svc", "releases", "--name", "web")) as { releases: { revision: number }[] };
    expect(releases.map(({ revision }) => revision)).toEqual([3, 2, 1]);
  });

  test("job run starts a run, and with --follow shows how it ends", async () => {
    const bench = await deployed();
    bench.state.logs.push({
      at: "2026-01-01T00:00:00Z",
      workload: "report",
      task: "report0001",
      container: "report",
      stream: "stdout",
      message: "counted",
    });
    expect((await bench.run(["job", "run"])).stderr).toContain("Started job report.");
    expect((await bench.run(["job", "run", "--follow"])).stdout).toContain("counted");
    expect((await bench.run(["job", "logs"])).stdout).toContain("counted");
    bench.state.failures.set("report", { reason: "it exited with 4", lastLines: [] });
    expect((await bench.run(["job", "run", "--follow"], 1)).stderr).toContain("run job report: it exited with 4");
  });
});

describe("secret init", () => {
  test("puts a value into each environment, leaves what exists, and never prints a value", async () => {
    const bench = new CommandBench();
    await bench.withEnvironment();
    const first = await bench.run(["secret", "init", "--name", "db_password", "--values", "test=hush"]);
    expect(bench.state.secrets.get("shop/test/db_password")).toBe("hush");
    expect(first.stderr).toContain("DB_PASSWORD: /copilot/${COPILOT_APPLICATION_NAME}/${COPILOT_ENVIRONMENT_NAME}/secrets/db_password");
    const again = await bench.run(["secret", "init", "--name", "db_password", "--values", "test=other"]);
    expect(bench.state.secrets.get("shop/test/db_password")).toBe("hush");
    await bench.run(["secret", "init", "--name", "db_password", "--values", "test=other", "--overwrite"]);
    expect(bench.state.secrets.get("shop/test/db_password")).toBe("other");
    expect(first.stderr + first.stdout + again.stderr).not.toMatch(/hush|other/);
  });

  test("reads a file, and quotes nothing of a broken one", async () => {
    const bench = new CommandBench({ "secrets.yml": "a:\n  test: one\nb:\n  test: two\n", "broken.yml": "a: [hush\n" });
    await bench.withEnvironment();
    await bench.run(["secret", "init", "--cli-input-yaml", "secrets.yml"]);
    expect([...bench.state.secrets.values()]).toEqual(["one", "two"]);
    expect((await bench.run(["secret", "init", "--cli-input-yaml", "broken.yml"], 1)).stderr).not.toContain("hush");
    await bench.run(["secret", "init", "--cli-input-yaml", "secrets.yml", "--name", "a"], 1);
    await bench.run(["secret", "init", "--name", "a", "--values", "nowhere=x"], 1);
  });

  test("asks for a value for each environment; empty is none", async () => {
    const bench = new CommandBench();
    await bench.withEnvironment();
    await bench.run(["secret", "init", "--name", "a"], 0, { prompts: createAnswers([[/Value of a in test/, ""]]).prompts });
    expect(bench.state.secrets.size).toBe(0);
  });
});

describe("validate", () => {
  test("needs no target, ends with 0 or 1, and shows the place", async () => {
    const bench = new CommandBench(
      { ...files, "copilot/.workspace": "application: shop\n" },
      { openTarget: () => Promise.reject(new Error("no target is needed")) },
    );
    await bench.run(["validate"]);
    bench.write({ "copilot/web/manifest.yml": webManifest("web").replace("port:", "prot:") });
    expect((await bench.run(["validate"], 1)).stderr).toContain("copilot/web/manifest.yml:7:3");
    const { stdout } = await bench.run(["validate", "copilot/web/manifest.yml", "--json"], 1);
    expect(JSON.parse(stdout)).toMatchObject({
      accepted: false,
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: "unknown-field", at: expect.objectContaining({ line: 7 }) })]),
    });
    expect((await bench.run(["validate", "copilot/report/manifest.yml", "--resolved", "--env", "test"])).stdout).toContain(
      "type: Scheduled Job",
    );
    await bench.run(["validate", "nothing"], 1);
    await bench.run(["validate", "--resolved"], 1);
  });
});
