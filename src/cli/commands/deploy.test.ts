import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CommandContext } from "../context.ts";
import { Problem } from "../../model/problem.ts";
import { CommandBench, createAnswers, jobManifest, webManifest } from "../../../test/fakes/fake-context.ts";

const files = {
  "copilot/web/manifest.yml": webManifest("web", "variables:\n  COLOUR: green\n"),
  "copilot/api/manifest.yml": webManifest("api").replace("path: /", "path: api"),
  "copilot/report/manifest.yml": jobManifest("report"),
};

async function deployed(): Promise<CommandBench> {
  const bench = new CommandBench(files);
  await bench.withEnvironment();
  await bench.run(["deploy", "--all", "--env", "test"]);
  return bench;
}

describe("deploy", () => {
  test("deploys everything at once, registers what is new, and tells the addresses", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"]);
    expect([...bench.state.deployed.keys()].toSorted()).toEqual(["shop/test/api", "shop/test/report", "shop/test/web"]);
    expect([...bench.state.workloads.keys()].toSorted()).toEqual(["shop/api", "shop/report", "shop/web"]);
    expect(bench.state.history.slice(0, 3)).toEqual(["begin api", "begin report", "begin web"]);
    expect(stderr).toContain("http://localhost:40000");
    expect(bench.state.closed).toBe(true);
  });

  test("deploys groups one after the other, lower priorities first, and what has none last", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    await bench.run(["deploy", "-n", "web/2", "-n", "report/1", "--all", "--env", "test"]);
    expect(bench.state.history).toEqual(["begin report", "end report", "begin web", "end web", "begin api", "end api"]);
  });

  test("finds nothing to do the second time", async () => {
    const bench = await deployed();
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"]);
    expect(stderr).toContain("nothing changed since revision 1");
    expect(bench.state.deployed.get("shop/test/web")?.releases).toHaveLength(1);
  });

  test("deploys two services with one route, and warns with both places", async () => {
    const bench = new CommandBench({ "copilot/web/manifest.yml": webManifest("web"), "copilot/api/manifest.yml": webManifest("api") });
    await bench.withEnvironment();
    const { stderr } = await bench.run(["deploy", "-n", "web/1", "-n", "api/2", "--env", "test"]);
    expect(stderr).toContain("copilot/api/manifest.yml:4:9");
    expect(stderr).toContain("(the other claim: copilot/web/manifest.yml:4:9)");
    expect(stderr).toContain("The one that was deployed first has it.");
    expect([...bench.state.deployed.keys()]).toEqual(["shop/test/web", "shop/test/api"]);
  });

  test("refuses two services with one port before anything begins, and names both places", async () => {
    const nlb = "nlb:\n  port: 5432/tcp\n  target_port: 8080\n";
    const bench = new CommandBench({
      "copilot/web/manifest.yml": webManifest("web", nlb),
      "copilot/api/manifest.yml": webManifest("api", nlb).replace("path: /", "path: api"),
    });
    await bench.withEnvironment();
    const { stderr } = await bench.run(["deploy", "-n", "web/1", "-n", "api/2", "--env", "test"], 1);
    expect(stderr).toMatch(/copilot\/api\/manifest\.yml:\d+:\d+/);
    expect(stderr).toMatch(/\(the other claim: copilot\/web\/manifest\.yml:\d+:\d+\)/);
    expect(bench.state.history).toEqual([]);
  });

  test("does not begin later groups after a failure, shows the last lines, and ends with 1", async () => {
    const bench = await deployed();
    bench.state.failures.set("report", {
      reason: "container report exited with 3",
      container: "report",
      exitCode: 3,
      lastLines: ["cannot count"],
    });
    const { stderr } = await bench.run(["deploy", "--force", "-n", "report/1", "-n", "web/2", "--env", "test"], 1);
    expect(stderr).toContain("deploy job report: container report exited with 3");
    expect(stderr).toContain("cannot count");
    expect(stderr).toContain("Rolled back: revision 1 serves on.");
    expect(stderr).toContain("1 more workload was not begun.");
    expect(bench.state.deployed.get("shop/test/web")?.releases).toHaveLength(1);
  });

  test("reports every mistake of every manifest before anything is deployed", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    bench.write({
      "copilot/web/manifest.yml": webManifest("web").replace("port:", "prot:"),
      "copilot/api/manifest.yml": webManifest("api").replace("cpu: 256", "cpu: many"),
    });
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"], 1);
    expect(stderr).toContain("copilot/web/manifest.yml:7:3");
    expect(stderr).toContain("copilot/api/manifest.yml:8:6");
    expect(bench.state.history).toEqual([]);
  });

  test("registers and deploys an environment that has only a manifest when --init-env says so", async () => {
    const bench = new CommandBench({ ...files, "copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\n" });
    await bench.run(["app", "init", "shop"]);
    const refused = await bench.run(["deploy", "--all", "--env", "prod"], 1);
    expect(refused.stderr).toContain("--init-env");
    await bench.run(["deploy", "--all", "--env", "prod", "--init-env", "--deploy-env=false"], 1);
    await bench.run(["deploy", "--all", "--env", "prod", "--init-env"]);
    expect(bench.state.manifests.has("shop/prod")).toBe(true);
    expect(bench.state.deployed.has("shop/prod/web")).toBe(true);
  });

  test("refuses workloads that are not registered with --init-wkld=false", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    const { stderr } = await bench.run(["deploy", "-n", "web", "--env", "test", "--init-wkld=false"], 1);
    expect(stderr).toContain("does not know it yet");
  });

  test("prints NDJSON with --json: events, then one result", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    const { stdout } = await bench.run(["deploy", "-n", "web", "--env", "test", "--json"]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line): { type: string } => JSON.parse(line));
    expect(lines.slice(0, -1).every(({ type }) => type === "step" || type === "notice")).toBe(true);
    expect(lines.at(-1)).toEqual({
      type: "result",
      deployments: [{ workload: "web", environment: "test", outcome: { kind: "deployed", revision: 1, urls: ["http://localhost:40000"] } }],
    });
  });

  test("asks which workloads where nothing is named, and names the flag without a terminal", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    expect((await bench.run(["deploy", "--env", "test"], 1)).stderr).toContain("--name or --all");
    const { prompts } = createAnswers([[/Which workloads/, ["web", "report"]]]);
    await bench.run(["deploy", "--env", "test"], 0, { prompts });
    expect([...bench.state.deployed.keys()].toSorted()).toEqual(["shop/test/report", "shop/test/web"]);
  });
});

describe("what workloads bring along", () => {
  /** Builds that end as told, in the order of their names; `ended` says which have. */
  function slowBuilds(bench: CommandBench, failing: string) {
    const ended: string[] = [];
    const openTarget: CommandContext["openTarget"] = async (...args) => ({
      ...(await bench.context.openTarget(...args)),
      provideImages: async (spec, { build }) => {
        if (build && spec.name === failing) throw new Problem("image-build", `The image of ${failing} could not be built`);
        if (build) await new Promise((resolve) => setImmediate(resolve));
        if (build) ended.push(spec.name);
        return { [spec.name]: "image:1" };
      },
    });
    return { ended, openTarget };
  }

  test("is told missing before anything is built", async () => {
    const bench = new CommandBench({ ...files, "copilot/web/manifest.yml": webManifest("web", "env_file: none.env\n") });
    await bench.withEnvironment();
    const { ended, openTarget } = slowBuilds(bench, "nobody");
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"], 1, { openTarget });
    expect(stderr).toContain("none.env of web");
    expect(ended).toEqual([]);
  });

  test("is told all at once, each with its own hint, where several are missing", async () => {
    const bench = new CommandBench({
      "copilot/web/manifest.yml": webManifest("web", "env_file: none.env\n"),
      "copilot/api/manifest.yml": webManifest("api", "env_file: neither.env\nsidecars: {s: {image: x, env_file: side.env}}\n").replace(
        "path: /",
        "path: api",
      ),
      "copilot/guide/manifest.yml":
        "name: guide\ntype: Static Site\nfiles: [{source: gone, destination: a}, {source: lost, destination: b}]\n",
    });
    await bench.withEnvironment();
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"], 1);
    for (const path of ["none.env of web", "neither.env of api", "side.env of api", "gone is not there", "lost is not there"])
      expect(stderr).toContain(path);
    expect(stderr.match(/→ correct env_file/g)).toHaveLength(3);
    expect(stderr.match(/→ correct files.source/g)).toHaveLength(2);
    const inJson = await bench.run(["deploy", "--all", "--env", "test", "--json"], 1);
    const { error } = JSON.parse(inJson.stderr.slice(inJson.stderr.indexOf("{")));
    expect(error).toMatchObject({
      code: "several-problems",
      hint: "correct env_file in the manifest\ncorrect files.source in the manifest",
    });
  });

  test("is refused with all reasons, and their hints, where several deployments are", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    const openTarget: CommandContext["openTarget"] = async (...args) => {
      const { session, ...rest } = await bench.context.openTarget(...args);
      const deployWorkload: typeof session.deployWorkload = (spec, ...more) => {
        if (spec.name === "report") return session.deployWorkload(spec, ...more);
        throw new Problem("secret-missing", `deploy ${spec.name}: it has no secret`, {
          hint: `run \`copilot secret init\` for ${spec.name}`,
        });
      };
      return { ...rest, session: { ...session, deployWorkload } };
    };
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"], 1, { openTarget });
    for (const name of ["api", "web"])
      expect(stderr).toContain(`✘ deploy ${name}: it has no secret\n  → run \`copilot secret init\` for ${name}\n`);
  });

  test("is built to its end when another build fails, and nothing is deployed", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    const { ended, openTarget } = slowBuilds(bench, "api");
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"], 1, { openTarget });
    expect(stderr).toContain("The image of api could not be built");
    expect(ended).toEqual(["report", "web"]);
    expect(bench.state.history).toEqual([]);
  });

  test("is told where Docker leaves it aside", async () => {
    const bench = new CommandBench({
      ...files,
      "copilot/web/addons/table.yml": "Resources: {}\n",
      "copilot/web/overrides/cfn.patches.yml": "[]\n",
    });
    await bench.withEnvironment();
    const { stderr } = await bench.run(["deploy", "--all", "--env", "test"]);
    expect(stderr.match(/leaves aside .*/g)).toEqual([
      "leaves aside copilot/web/addons (what it makes, and its variables, are missing) and copilot/web/overrides.",
    ]);
  });

  test("is told of environments too", async () => {
    const bench = new CommandBench({
      ...files,
      "copilot/environments/addons/bucket.yml": "Resources: {}\n",
      "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    });
    await bench.withEnvironment();
    const { stderr } = await bench.run(["env", "deploy", "--name", "test"]);
    expect(stderr.match(/leaves aside .*/g)).toEqual([
      "leaves aside copilot/environments/addons (what it makes, and its variables, are missing).",
    ]);
  });
});

describe("svc deploy", () => {
  test("takes the only environment, and refuses a job", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    const { stderr } = await bench.run(["svc", "deploy", "--name", "web"]);
    expect(stderr).toContain("Only found one environment, taking test.");
    await bench.run(["svc", "deploy", "--name", "report"], 1);
    await bench.run(["job", "deploy", "--name", "report"]);
  });

  test("guesses a misspelt name, and says what to do without a workspace", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    expect((await bench.run(["svc", "deploy", "--name", "wbe"], 1)).stderr).toContain("did you mean web?");
    expect((await new CommandBench().run(["svc", "deploy"], 1)).stderr).toContain("copilot app init");
  });

  test("deploys after a comparison only when it is wanted", async () => {
    const bench = await deployed();
    bench.write({ "copilot/web/manifest.yml": files["copilot/web/manifest.yml"].replace("green", "blue") });
    const declined = await bench.run(["svc", "deploy", "-n", "web", "--diff"], 0, {
      prompts: createAnswers([[/Deploy web/, false]]).prompts,
    });
    expect(declined.stdout).toContain("green -> blue");
    expect(bench.state.deployed.get("shop/test/web")?.releases).toHaveLength(1);
    await bench.run(["svc", "deploy", "-n", "web", "--diff-yes"]);
    expect(bench.state.deployed.get("shop/test/web")?.releases).toHaveLength(2);
  });

  test("returns at once with --detach", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    const { stderr } = await bench.run(["svc", "deploy", "-n", "web", "--detach"]);
    expect(stderr).toContain("goes on in the background");
  });

  test("leaves a failure as it is with --no-rollback", async () => {
    const bench = new CommandBench(files);
    await bench.withEnvironment();
    bench.state.failures.set("web", { reason: "not healthy", lastLines: [] });
    expect((await bench.run(["svc", "deploy", "-n", "web", "--no-rollback"], 1)).stderr).toContain("It was left as it is.");
  });
});

describe("svc package", () => {
  test("prints the document, writes it, and compares it with exit codes 0 and 1", async () => {
    const bench = await deployed();
    const at = ["--name", "web", "--env", "test"];
    const { stdout } = await bench.run(["svc", "package", ...at]);
    expect(JSON.parse(stdout)).toMatchObject({ name: "web", images: { web: "copilot/shop/web:1" } });
    await bench.run(["svc", "package", ...at, "--output-dir", "out"]);
    expect(existsSync(join(bench.folder, "out/web-test.stack.json"))).toBe(true);
    expect((await bench.run(["svc", "package", ...at, "--diff"])).stdout).toBe("No changes.\n");
    bench.write({ "copilot/web/manifest.yml": files["copilot/web/manifest.yml"].replace("cpu: 256", "cpu: 512") });
    expect((await bench.run(["svc", "package", ...at, "--diff"], 1)).stdout).toContain("~ task:\n    ~ cpu: 256 -> 512");
  });
});
