import { describe, expect, test } from "vitest";
import { isJsonObject, toJson } from "../src/targets/aws/cloudformation/json.ts";
import { account, managerRole, region, stackOf, startAwsBench, type AwsBench } from "./fakes/aws/aws-bench.ts";

const web = `name: web
type: Load Balanced Web Service
image:
  location: example.com/web:1
  port: 8080
http:
  path: shop
cpu: 256
memory: 512
count: 2
`;

const nightly = `name: nightly
type: Scheduled Job
on: { schedule: "@daily" }
image: { location: example.com/nightly:1 }
cpu: 256
memory: 512
`;

const tagsOf = (workload: string) => ({
  "copilot-application": "shop",
  "copilot-environment": "test",
  "copilot-service": workload,
});

/** A stack as `package` makes it, deployed. */
async function deploy({ bench, aws, run }: AwsBench, noun: "svc" | "job", name: string): Promise<void> {
  await run([noun, "package", "--name", name, "--env", "test", "--output-dir", "out"]);
  const read = toJson(JSON.parse(bench.read(`out/${name}-test.params.json`)));
  const values = isJsonObject(read) && isJsonObject(read["Parameters"]) ? Object.entries(read["Parameters"]) : [];
  const stack = stackOf(`shop-test-${name}`, {
    template: bench.read(`out/${name}-test.stack.yml`),
    parameters: Object.fromEntries(values.map(([key, value]) => [key, typeof value === "string" ? value : ""])),
    metadata: `Version: v1.34.1\nManifest: |\n  name: ${name}\n`,
    resources: { LogGroup: `/copilot/shop-test-${name}` },
    resourceTypes: { LogGroup: "AWS::Logs::LogGroup" },
    visibleTo: managerRole,
  });
  aws.stacks.push(stack);
  aws.tagged.push({ type: "cloudformation:stack", arn: stack.stackId, tags: tagsOf(name) });
  aws.described.set(`shop-test-${name}`, {
    taskDefinition: {
      containerDefinitions: [
        {
          name,
          environment: [{ name: "COLOR", value: "blue" }],
          secrets: [{ name: "DB", valueFrom: "/copilot/shop/test/secrets/db" }],
        },
      ],
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
    },
  });
}

async function shop(): Promise<AwsBench> {
  const started = await startAwsBench({ "copilot/web/manifest.yml": web, "copilot/nightly/manifest.yml": nightly });
  const { aws } = started;
  const types = { web: "Load Balanced Web Service", nightly: "Scheduled Job", later: "Backend Service" };
  for (const [name, type] of Object.entries(types))
    aws.parameters.set(`/copilot/applications/shop/components/${name}`, JSON.stringify({ app: "shop", name, type }));
  const index = aws.stacks.findIndex(({ name }) => name === "shop-test");
  const environment = aws.stacks[index];
  const outputs = { PublicLoadBalancerDNSName: "lb.example", VpcId: "vpc-1", PublicSubnets: "subnet-a,subnet-b" };
  if (environment !== undefined)
    aws.stacks[index] = { ...environment, outputs, resources: { VPC: "vpc-1" }, resourceTypes: { VPC: "AWS::EC2::VPC" } };
  await deploy(started, "svc", "web");
  await deploy(started, "job", "nightly");
  return started;
}

const json = async (started: AwsBench, ...args: readonly string[]): Promise<unknown> =>
  JSON.parse((await started.run([...args, "--json"])).stdout);

describe("an application on AWS", () => {
  test("is shown with where each workload is deployed", async () => {
    const started = await shop();
    const { stdout } = await started.run(["app", "show"]);
    expect(stdout).toMatch(/web +Load Balanced Web Service +test\n/);
    expect(stdout).toMatch(/later +Backend Service +-\n/);
    expect(stdout).toMatch(new RegExp(`test +aws +${account} +${region}`));
    expect(await json(started, "app", "show")).toMatchObject({
      name: "shop",
      version: "v1.2.0",
      jobs: [{ app: "shop", name: "nightly", type: "Scheduled Job" }],
      pipelines: null,
    });
  });

  test("lists applications, environments with their roles, services and jobs", async () => {
    const started = await shop();
    expect((await started.run(["app", "ls"])).stdout).toBe("shop\n");
    const environments = { environments: [{ app: "shop", name: "test", region, accountID: account, managerRoleARN: managerRole }] };
    expect(await json(started, "env", "ls")).toMatchObject(environments);
    expect(await json(started, "svc", "ls")).toMatchObject({ services: [{ name: "later" }, { name: "web" }] });
    expect(await json(started, "job", "ls", "--local")).toEqual({ jobs: [{ app: "shop", name: "nightly", type: "Scheduled Job" }] });
  });
});

describe("an environment on AWS", () => {
  test("is shown with its tags, network and resources", async () => {
    const started = await shop();
    const { stdout } = await started.run(["env", "show", "--name", "test", "--resources"]);
    expect(stdout).toMatch(/nightly +Scheduled Job/);
    expect(stdout).toMatch(/copilot-environment +test/);
    expect(stdout).toMatch(/AWS::EC2::VPC +vpc-1/);
    expect(await json(started, "env", "show", "--name", "test")).toMatchObject({
      environmentVPC: { id: "vpc-1", publicSubnetIDs: ["subnet-a", "subnet-b"], privateSubnetIDs: null },
      tags: { "copilot-application": "shop" },
    });
  });
});

describe("a workload on AWS", () => {
  test("is shown with its configuration, routes, endpoints, variables and secrets", async () => {
    const started = await shop();
    const args = ["svc", "show", "--name", "web"];
    const { stdout } = await started.run([...args, "--resources"]);
    expect(stdout).toMatch(/test +2 +0\.25 +512 +LINUX\/ARM64 +8080 +-/);
    expect(stdout).toContain("http://lb.example/shop");
    expect(stdout).toContain("web.test.shop.local:8080");
    expect(stdout).toMatch(/AWS::Logs::LogGroup +\/copilot\/shop-test-web/);
    expect(await json(started, ...args)).toMatchObject({
      service: "web",
      configurations: [{ environment: "test", port: "8080", cpu: "256", memory: "512", platform: "LINUX/ARM64", tasks: "2" }],
      routes: [{ environment: "test", url: "http://lb.example/shop" }],
      variables: [{ environment: "test", name: "COLOR", value: "blue", container: "web" }],
      secrets: [{ name: "DB", container: "web", environment: "test", valueFrom: "/copilot/shop/test/secrets/db" }],
    });
    expect((await started.run([...args, "--manifest", "test"])).stdout).toBe("name: web\n");
  });

  test("that is deployed nowhere says so; the only one needs no name", async () => {
    const started = await shop();
    expect((await started.run(["svc", "show", "--name", "later"], 1)).stderr).toContain("it is not deployed in any environment of shop");
    expect((await started.run(["svc", "show"])).stderr).toContain("Only found one service, taking web.");
  });

  test("of App Runner answers at its own address", async () => {
    const started = await shop();
    const arn = `arn:aws:apprunner:${region}:${account}:service/runner/1`;
    const { aws } = started;
    aws.parameters.set(
      "/copilot/applications/shop/components/runner",
      JSON.stringify({ app: "shop", name: "runner", type: "Request-Driven Web Service" }),
    );
    aws.stacks.push(
      stackOf("shop-test-runner", {
        parameters: { InstanceCPU: "1024", InstanceMemory: "2048", ContainerPort: "80" },
        resources: { Service: arn },
        resourceTypes: { Service: "AWS::AppRunner::Service" },
        visibleTo: managerRole,
      }),
    );
    aws.described.set(arn, {
      Service: {
        ServiceUrl: "x.awsapprunner.com",
        SourceConfiguration: { ImageRepository: { ImageConfiguration: { RuntimeEnvironmentVariables: { COLOR: "red" } } } },
      },
    });
    expect(await json(started, "svc", "show", "--name", "runner")).toMatchObject({
      routes: [{ url: "https://x.awsapprunner.com" }],
      configurations: [{ cpu: "1024", port: "80" }],
      variables: [{ name: "COLOR", value: "red", container: "runner" }],
    });
  });
});

describe("pipelines on AWS", () => {
  const arn = `arn:aws:codepipeline:${region}:${account}:shop-release-1`;

  async function withPipeline(): Promise<AwsBench> {
    const started = await shop();
    const tags = { "copilot-application": "shop", "copilot-pipeline": "release" };
    started.aws.tagged.push({ type: "codepipeline:pipeline", arn, tags });
    started.aws.described.set("shop-release-1", {
      pipeline: {
        name: "shop-release-1",
        stages: [
          {
            name: "Source",
            actions: [
              {
                actionTypeId: { category: "Source", provider: "CodeStarSourceConnection" },
                configuration: { FullRepositoryId: "example/shop" },
              },
            ],
          },
          {
            name: "DeployTo-test",
            actions: [{ actionTypeId: { category: "Deploy", provider: "CloudFormation" }, configuration: { StackName: "shop-test-web" } }],
          },
        ],
      },
      metadata: { pipelineArn: arn, created: 1767225600, updated: 1767225600 },
    });
    return started;
  }

  test("are listed and shown", async () => {
    const started = await withPipeline();
    expect((await started.run(["pipeline", "ls"])).stdout).toBe("release\n");
    const shown = {
      name: "release",
      pipelineName: "shop-release-1",
      region,
      accountId: account,
      stages: [
        { name: "Source", category: "Source", provider: "CodeStarSourceConnection", details: "Repository: example/shop" },
        { name: "DeployTo-test", category: "Deploy", provider: "CloudFormation", details: "StackName: shop-test-web" },
      ],
    };
    expect(await json(started, "pipeline", "ls")).toMatchObject({ pipelines: [shown] });
    expect(await json(started, "pipeline", "show", "--name", "release")).toMatchObject({ ...shown, resources: null });
    const { stdout, stderr } = await started.run(["pipeline", "show"]);
    expect(stderr).toContain("Only found one pipeline, taking release.");
    expect(stdout).toMatch(/DeployTo-test +Deploy +CloudFormation +StackName: shop-test-web/);
    expect((await started.run(["pipeline", "show", "--name", "other"], 1)).stderr).toContain("there are release");
    expect(await json(started, "app", "show")).toMatchObject({ pipelines: [{ name: "release" }] });
  });

  test("of the workspace say by which name they are deployed", async () => {
    const started = await withPipeline();
    const source = "source: {provider: GitHub, properties: {branch: main, repository: https://github.com/example/shop}}\n";
    started.bench.write({
      "copilot/pipelines/release/manifest.yml": `name: release\nversion: 1\n${source}stages: [{name: test}]\n`,
      "copilot/pipelines/other/manifest.yml": `name: other\nversion: 1\n${source}stages: [{name: test}]\n`,
    });
    expect(await json(started, "pipeline", "ls", "--local")).toEqual({
      pipelines: [
        { name: "other", manifestPath: "copilot/pipelines/other/manifest.yml" },
        { name: "release", manifestPath: "copilot/pipelines/release/manifest.yml", pipelineName: "shop-release-1" },
      ],
    });
  });
});
