import { describe, expect, test } from "vitest";
import type { FakeStack } from "./fakes/aws/fake-aws.ts";
import { account, region, startAwsBench, type AwsBench } from "./fakes/aws/aws-bench.ts";

const certificate = `arn:aws:acm:${region}:${account}:certificate/1`;
const ofApi = ["--name", "api", "--env", "test"];

const api = (more: string): string => `name: api
image:
  location: example.com/api:1
  port: 8080
cpu: 256
memory: 512
count: 1
${more}`;

/** Changes a stack of the account. */
function change({ aws }: AwsBench, name: string, content: Partial<FakeStack>): void {
  const index = aws.stacks.findIndex((stack) => stack.name === name);
  const stack = aws.stacks[index];
  if (stack === undefined) throw new Error(`there is no stack ${name}`);
  aws.stacks[index] = { ...stack, ...content };
}

/** The environment `test` as it was made before environments had manifests. */
function makeFormer(started: AwsBench, record: object): void {
  const path = "/copilot/applications/shop/environments/test";
  const now: object = JSON.parse(started.aws.parameters.get(path) ?? "{}");
  started.aws.parameters.set(path, JSON.stringify({ ...now, ...record }));
  change(started, "shop-test", { metadata: "Version: v1.13.0\n" });
}

describe("environments of before manifests", () => {
  const imported = {
    customConfig: {
      importVPC: { id: "vpc-1", publicSubnetIDs: ["subnet-a", "subnet-b"], privateSubnetIDs: ["subnet-c", "subnet-d"] },
      importCertARNs: [certificate],
    },
    telemetry: { containerInsights: true },
  };

  test("have the manifest that their record comes to", async () => {
    const started = await startAwsBench();
    makeFormer(started, imported);
    const { stdout } = await started.run(["env", "show", "--name", "test", "--manifest"]);
    expect(stdout).toContain("id: vpc-1");
    expect(stdout).toContain("- id: subnet-d");
    expect(stdout).toContain(certificate);
    expect(stdout).toContain("container_insights: true");
    expect(JSON.parse((await started.run(["env", "ls", "--json"])).stdout)).toMatchObject({ environments: [imported] });
    const file = "copilot/environments/test/manifest.yml";
    started.bench.write({ [file]: stdout });
    expect((await started.run(["env", "package", "--name", "test"])).stdout).not.toContain("AWS::EC2::VPC\n");
  });

  test("with a network of given addresses, too", async () => {
    const started = await startAwsBench();
    const adjustVPC = {
      cidr: "10.1.0.0/16",
      availabilityZoneNames: ["us-west-2a", "us-west-2b"],
      publicSubnetCIDRs: ["10.1.0.0/24", "10.1.1.0/24"],
      privateSubnetCIDRs: ["10.1.2.0/24", "10.1.3.0/24"],
    };
    makeFormer(started, { customConfig: { adjustVPC } });
    const { stdout } = await started.run(["env", "show", "--name", "test", "--manifest"]);
    expect(stdout).toMatch(/cidr: 10\.1\.3\.0\/24\n +az: us-west-2b/);
  });

  test("serve HTTPS by the certificates of their record", async () => {
    const started = await startAwsBench({
      "copilot/api/manifest.yml": api("type: Load Balanced Web Service\nhttp: {path: /, alias: api.example.com}\n"),
    });
    makeFormer(started, imported);
    started.aws.certificates.set(certificate, ["*.example.com"]);
    const { stdout } = await started.run(["svc", "package", ...ofApi]);
    expect(stdout).toContain("HTTPSListenerRule:");
  });
});

describe("templates that are too old for a manifest", () => {
  test.each([
    ["InternalALBWorkloads", api("type: Backend Service\nhttp: {path: /}\n"), "an internal load balancer", "v1.10.0"],
    ["ALBWorkloads", api("type: Load Balanced Web Service\nhttp: {path: /}\n"), "a public load balancer", "v1.0.0"],
    ["NATWorkloads", api("type: Backend Service\nnetwork: {vpc: {placement: private}}\n"), "NAT gateways", "v1.3.0"],
    ["EFSWorkloads", api("type: Backend Service\nstorage: {volumes: {data: {path: /d, efs: true}}}\n"), "a file system", "v1.3.0"],
  ])("an environment without %s", async (parameter, manifest, name, since) => {
    const started = await startAwsBench({ "copilot/api/manifest.yml": manifest });
    expect((await started.run(["svc", "package", ...ofApi])).stdout).toContain("AWS::ECS::Service");
    const stack = started.aws.stacks.find((each) => each.name === "shop-test");
    const { [parameter]: _, ...parameters } = stack?.parameters ?? {};
    change(started, "shop-test", { parameters, metadata: "Version: v1.0.0\n" });
    const { stderr } = await started.run(["svc", "package", ...ofApi], 1);
    expect(stderr).toContain(`it needs ${name}, which environments have since ${since}, and test was deployed by v1.0.0`);
    expect(stderr).toContain("copilot env deploy --name test");
  });

  test.each([[["svc", "package", ...ofApi]], [["env", "package", "--name", "test"]]])(
    "an environment whose role may not upload: %j",
    async (args) => {
      const started = await startAwsBench({ "copilot/api/manifest.yml": api("type: Backend Service\n") });
      change(started, "shop-test", { metadata: "Version: v1.8.0\n" });
      expect((await started.run(args)).code).toBe(0);
      expect((await started.run([...args, "--upload-assets"], 1)).stderr).toContain("its role may upload since v1.9.0");
      expect(started.aws.objects.size).toBe(0);
    },
  );

  test("an application for a site, asked only then", async () => {
    const started = await startAwsBench({
      "copilot/web/manifest.yml": "name: web\ntype: Static Site\nfiles:\n  - source: dist\n",
      "copilot/api/manifest.yml": api("type: Backend Service\n"),
    });
    const web = ["svc", "package", "--name", "web", "--env", "test"];
    expect((await started.run(web)).stdout).toContain("AWS::CloudFront::Distribution");
    for (const metadata of ["", "TemplateVersion: v1.1.0\n"]) {
      change(started, "shop-infrastructure-roles", { metadata });
      expect((await started.run(web, 1)).stderr).toContain(`shop is of ${metadata === "" ? "v0.0.0" : "v1.1.0"}`);
    }
    expect((await started.run(["svc", "package", ...ofApi])).code).toBe(0);
  });
});

describe("pipeline package", () => {
  const manifest = `name: release
version: 1
source:
  provider: GitHub
  properties:
    branch: main
    repository: https://github.com/example/shop
    connection_name: to-github
stages:
  - name: test
`;

  test("finds the connection by its name", async () => {
    const { run, aws } = await startAwsBench({ "copilot/pipelines/release/manifest.yml": manifest });
    const args = ["pipeline", "package", "--name", "release"];
    expect((await run(args, 1)).stderr).toContain("us-west-2 has no connection named to-github");
    const arn = `arn:aws:codestar-connections:${region}:${account}:connection/1`;
    aws.connections.set("to-github", arn);
    expect((await run(args)).stdout).toContain(arn);
  });
});
