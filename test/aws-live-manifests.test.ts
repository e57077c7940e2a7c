import { describe, expect, test } from "vitest";
import { startAwsBench } from "./fakes/aws/aws-bench.ts";
import { CommandBench, webManifest } from "./fakes/fake-context.ts";

const api = `name: api
type: Backend Service
image:
  location: example.com/api:1
  port: 8080
  helthcheck:
    command: ["CMD", "true"]
cpu: 256
memory: 512
count: 1
observability:
  traceing: awsxray
`;

const ofApi = ["--name", "api", "--env", "test"];

test("a manifest that an editor of Windows wrote gives the template of the same one without its mark", async () => {
  const filled = `${api}variables:\n  WHERE: \${COPILOT_ENVIRONMENT_NAME}\n`;
  const { run, bench } = await startAwsBench({ "copilot/api/manifest.yml": `\uFEFF${filled}` });
  const marked = await run(["svc", "package", ...ofApi]);
  expect(marked.stdout).toContain('WHERE: "test"');
  bench.write({ "copilot/api/manifest.yml": filled });
  expect((await run(["svc", "package", ...ofApi])).stdout).toBe(marked.stdout);
});

describe("manifests of a live application", () => {
  test("fields that nobody knows are told with their place and the likely meaning, and the template is made", async () => {
    const { run } = await startAwsBench({ "copilot/api/manifest.yml": api });
    const { stdout, stderr } = await run(["svc", "package", ...ofApi]);
    expect(stdout).toContain("AWS::ECS::TaskDefinition");
    expect(stderr).toContain("copilot/api/manifest.yml:6:3: There is no field `helthcheck` in `image`. (Did you mean `healthcheck`?)");
    expect(stderr).toContain("copilot/api/manifest.yml:12:3: There is no field `traceing` in `observability`. (Did you mean `tracing`?)");
    expect(stderr.split("\n").filter((line) => line.includes("helthcheck"))).toHaveLength(1);
  });

  test("what the original refused is refused", async () => {
    const { run } = await startAwsBench({ "copilot/api/manifest.yml": api.replace("cpu: 256", "cpu: many") });
    const { stderr } = await run(["svc", "package", ...ofApi], 1);
    expect(stderr).toContain("copilot/api/manifest.yml:8:6");
  });

  test("validate stays strict", async () => {
    const { run } = await startAwsBench({ "copilot/api/manifest.yml": api });
    const { stderr } = await run(["validate"], 1);
    expect(stderr).toContain("error[unknown-field]");
  });

  test("an environment's manifest is read as leniently", async () => {
    const file = "copilot/environments/test/manifest.yml";
    const { run } = await startAwsBench({ [file]: "name: test\ntype: Environment\nobservabilty:\n  container_insights: true\n" });
    const { stdout, stderr } = await run(["env", "package", "--name", "test"]);
    expect(stderr).toContain(`${file}:3:1: There is no field \`observabilty\` in this manifest. (Did you mean \`observability\`?)`);
    expect(stdout).toContain("AWS::ECS::Cluster");
  });
});

describe("a manifest whose type nobody can read", () => {
  const broken = { "copilot/broken/manifest.yml": "name: broken\ntype: Lambda Service\n" };

  test("keeps nobody from packaging another workload on AWS", async () => {
    const misplaced = { "copilot/there/manifest.yml": api.replace("name: api", "name: elsewhere") };
    const { run } = await startAwsBench({ "copilot/api/manifest.yml": api, ...misplaced, ...broken });
    expect((await run(["svc", "package", ...ofApi])).stderr).not.toContain("Lambda Service");
    // Found by its name, not by its folder: every manifest is looked at.
    expect((await run(["svc", "package", "--name", "elsewhere", "--env", "test"])).stderr).not.toContain("Lambda Service");
  });

  test("keeps no pipeline from being packaged that names what it deploys", async () => {
    const pipeline = (stage: string): string =>
      `name: release\nversion: 1\nsource: {provider: GitHub, properties: {branch: main, repository: https://github.com/example/shop}}\nstages: [${stage}]\n`;
    const file = "copilot/pipelines/release/manifest.yml";
    const { run, bench } = await startAwsBench({ "copilot/api/manifest.yml": api, ...broken, [file]: pipeline("{name: test}") });
    expect((await run(["pipeline", "package"], 1)).stderr).toContain("copilot/broken/manifest.yml:2:7");
    bench.write({ [file]: pipeline("{name: test, deployments: {api: }}") });
    expect((await run(["pipeline", "package"])).stdout).toContain("CreateOrUpdate-api-test");
  });

  test("of a pipeline keeps no other pipeline from being packaged, and is told where it matters", async () => {
    const source = "source: {provider: GitHub, properties: {branch: main, repository: https://github.com/example/shop}}";
    const pipeline = (name: string): string =>
      `name: ${name}\nversion: 1\n${source}\nstages: [{name: test, deployments: {api: }, surprise: 1}]\n`;
    const { run, bench } = await startAwsBench({
      "copilot/api/manifest.yml": api,
      "copilot/pipelines/release/manifest.yml": pipeline("release"),
      "copilot/pipelines/folder/manifest.yml": `name: other\nversion: 1\n${source}\nstages: 7\n`,
    });
    const named = await run(["pipeline", "package", "--name", "release"]);
    expect(named.stdout).toContain("CreateOrUpdate-api-test");
    expect(named.stderr).not.toContain("folder");
    expect(named.stderr).toContain("surprise");
    const unnamed = await run(["pipeline", "package"]);
    expect(unnamed.stdout).toBe(named.stdout);
    expect(unnamed.stderr).toContain("Left out: copilot/pipelines/folder/manifest.yml:4:9");
    const listed = await run(["pipeline", "ls", "--local"]);
    expect(listed.stdout).toBe("release\n");
    expect(listed.stderr).toContain("Left out: copilot/pipelines/folder/manifest.yml:4:9");
    for (const name of ["folder", "other"])
      expect((await run(["pipeline", "package", "--name", name], 1)).stderr).toContain("copilot/pipelines/folder/manifest.yml:4:9");
    bench.write({ "copilot/pipelines/release/manifest.yml": "name: [" });
    const both = (await run(["pipeline", "package"], 1)).stderr;
    for (const place of ["copilot/pipelines/folder/manifest.yml:4:9", "copilot/pipelines/release/manifest.yml:1:"])
      expect(both).toContain(place);
  });

  test("keeps nobody from deploying another one on Docker, and is told where it matters", async () => {
    const bench = new CommandBench({ ...broken });
    await bench.withEnvironment();
    bench.write({ "copilot/web/manifest.yml": webManifest("web") });
    await bench.run(["svc", "deploy", "--name", "web", "--env", "test"]);
    await bench.run(["deploy", "--name", "web", "--env", "test"]);
    expect((await bench.run(["svc", "ls", "--local"])).stderr).toContain("copilot/broken/manifest.yml:2:7");
    expect((await bench.run(["svc", "deploy", "--env", "test"])).stderr).toContain("copilot/broken/manifest.yml:2:7");
    expect((await bench.run(["svc", "deploy", "--name", "broken", "--env", "test"], 1)).stderr).toContain("Lambda Service");
    expect((await bench.run(["deploy", "--all", "--env", "test"], 1)).stderr).toContain("Lambda Service");
  });
});
