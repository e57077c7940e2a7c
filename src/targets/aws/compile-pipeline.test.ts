import { describe, expect, test } from "vitest";
import type { PipelineManifest, SourceManifest, StageManifest } from "../../model/pipeline.ts";
import { Problem } from "../../model/problem.ts";
import { toTemplateDocument } from "./cloudformation/template.ts";
import { compilePipeline } from "./compile-pipeline.ts";
import type { PipelineFacts } from "./pipeline-facts.ts";
import { planPipeline } from "./templates/pipeline/plan.ts";
import { pipelineStages } from "./templates/pipeline/stages.ts";
import { sampleStage } from "../../../test/samples/pipelines.ts";

const github: SourceManifest = { provider: "GitHub", repository: "https://github.com/example/shop", branch: "main" };

const manifest = (stages: readonly StageManifest[], source = github): PipelineManifest => ({
  name: "shop-main",
  version: 1,
  source,
  build: { image: "aws/codebuild/amazonlinux2-x86_64-standard:5.0" },
  executionMode: "superseded",
  stages,
});

const environment = (name: string) => ({
  account: "111122223333",
  region: "eu-west-1",
  executionRoleArn: `arn:aws:iam::111122223333:role/shop-${name}-CFNExecutionRole`,
  managerRoleArn: `arn:aws:iam::111122223333:role/shop-${name}-EnvManagerRole`,
});

const facts: PipelineFacts = {
  application: "shop",
  version: "v2.0.0",
  isLegacy: false,
  folder: "copilot/pipelines/shop-main",
  workloads: ["web", "api"],
  artifactBuckets: [{ name: "artifacts", keyArn: "arn:aws:kms:eu-west-1:111122223333:key/k" }],
  environments: { test: environment("test"), "prod-eu": environment("prod-eu") },
  tags: { team: "a" },
};

const compile = (stages: readonly StageManifest[], changed: Partial<PipelineFacts> = {}) =>
  compilePipeline(manifest(stages), { ...facts, ...changed });

const order = (stages: readonly StageManifest[], changed: Partial<PipelineFacts> = {}) =>
  pipelineStages(planPipeline(manifest(stages), { ...facts, ...changed })).map(({ Name, Actions }) =>
    [Name].concat((Actions as readonly ActionLine[]).map((action) => `${action.RunOrder} ${action.Name}`)),
  );
type ActionLine = { readonly Name: string; readonly RunOrder: number };

const action = (name: string, ...dependsOn: string[]) => ({ name, buildspec: `${name}.yml`, dependsOn });

const resourcesOf = (source: SourceManifest, changed: Partial<PipelineFacts> = {}) =>
  compilePipeline(manifest([sampleStage("test")], source), { ...facts, ...changed }).template.Resources;

describe("stages", () => {
  test("a stage without deployments deploys every workload; approval comes first, tests last", () => {
    expect(order([sampleStage("test", { requiresApproval: true, testCommands: ["make test"] })])).toEqual([
      ["Source", "1 SourceCodeFor-shop"],
      ["Build", "1 Build"],
      ["DeployTo-test", "1 ApprovePromotionTo-test", "2 CreateOrUpdate-api-test", "2 CreateOrUpdate-web-test", "3 TestCommands"],
    ]);
  });

  test("what depends on something runs after it, and each group after the one in front", () => {
    const actions = order([
      sampleStage("test", {
        preDeployments: [action("migrate"), action("seed", "migrate")],
        deployments: [
          { name: "web", dependsOn: ["api"] },
          { name: "api", dependsOn: [] },
        ],
        postDeployments: [action("smoke")],
      }),
    ])[2];
    expect(actions).toEqual(["DeployTo-test", "1 migrate", "2 seed", "5 smoke", "3 CreateOrUpdate-api-test", "4 CreateOrUpdate-web-test"]);
  });

  test("a stage with nothing to deploy is left out", () => {
    expect(order([sampleStage("test")], { workloads: [] }).map(([name]) => name)).toEqual(["Source", "Build"]);
  });

  test("deployments keep the names and paths that the manifest gives them", () => {
    const deployment = { name: "env", dependsOn: [], stackName: "shop-test", templatePath: "out/env.yml", templateConfig: "out/env.json" };
    expect(toTemplateDocument(compile([sampleStage("test", { deployments: [deployment] })]).template)).toMatchObject({
      Resources: {
        Pipeline: {
          Properties: {
            Stages: [
              {},
              {},
              {
                Actions: [
                  {
                    Region: "eu-west-1",
                    Configuration: {
                      StackName: "shop-test",
                      TemplatePath: "BuildOutput::out/env.yml",
                      TemplateConfiguration: "BuildOutput::out/env.json",
                    },
                  },
                ],
              },
            ],
          },
        },
      },
    });
  });

  test.each([
    ["environment-not-found", [sampleStage("nowhere")]],
    ["dependency-cycle", [sampleStage("test", { deployments: [{ name: "api", dependsOn: ["api"] }] })]],
  ])("%s", (code, stages) => {
    expect(() => compile(stages)).toThrow(expect.objectContaining({ code }));
    expect(() => compile(stages)).toThrow(Problem);
  });
});

describe("source", () => {
  test("a connection is made where none is named", () => {
    expect(resourcesOf(github)["SourceConnection"]).toMatchObject({
      Properties: { ConnectionName: "copilot-examp-shop", ProviderType: "GitHub" },
    });
    expect(resourcesOf(github, { connectionArn: "arn:connection" })).not.toHaveProperty("SourceConnection");
  });

  test("a GitHub source with a token's secret is one of version 1, however it is spelt", () => {
    const resources = resourcesOf({ ...github, accessTokenSecret: "token" });
    expect(resources).not.toHaveProperty("SourceConnection");
    expect(resources["Pipeline"]).toMatchObject({
      Properties: { Stages: [{ Actions: [{ ActionTypeId: { Owner: "ThirdParty", Provider: "GitHub" } }] }, {}, {}] },
    });
  });

  test("a build that gets a clone may clone", () => {
    const repository = "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse";
    const resources = resourcesOf({ provider: "CodeCommit", repository, branch: "main", outputArtifactFormat: "CODEBUILD_CLONE_REF" });
    expect(JSON.stringify(resources["BuildProjectPolicy"])).toContain('"codecommit:GitPull"');
    expect(JSON.stringify(resources["PipelineRolePolicy"])).toContain('"codecommit:GetRepository"');
  });

  test.each([
    ["provider-not-on-aws", { ...github, provider: "Git" }],
    ["repository-not-understood", { ...github, repository: "shop" }],
    ["token-missing", { ...github, provider: "GitHubV1" }],
    ["connection-not-found", { ...github, connectionName: "nowhere" }],
  ] as const)("%s", (code, source) => {
    expect(() => resourcesOf(source)).toThrow(expect.objectContaining({ code }));
  });
});

test("a pipeline that was deployed under its own name keeps it", () => {
  const { name, tags, template } = compile([sampleStage("test")], { isLegacy: true });
  expect({ name, tags }).toEqual({ name: "shop-main", tags: { team: "a", "copilot-application": "shop" } });
  expect(template.Resources["Pipeline"]).toMatchObject({ Properties: { Name: { Ref: "AWS::StackName" } } });
  expect(compile([sampleStage("test")])).toMatchObject({ name: "pipeline-shop-shop-main", tags: { "copilot-pipeline": "shop-main" } });
});

test("logical IDs spell hyphens out for tests and drop them for actions", () => {
  const build = { name: "db-migrate", buildspec: "x.yml", dependsOn: [] };
  const ids = Object.keys(compile([sampleStage("prod-eu", { testCommands: ["true"], preDeployments: [build] })]).template.Resources);
  expect(ids).toEqual(expect.arrayContaining(["BuildTestCommandsprodDASHeu", "PreprodeuDeploymentActiondbmigrate"]));
});

test("a test command that YAML would read as something else is quoted", () => {
  const { template } = compile([sampleStage("test", { testCommands: ['echo "ok"', "key: value", "- a"] })]);
  expect(template.Resources["BuildTestCommandstest"]).toMatchObject({
    Properties: {
      Source: {
        BuildSpec: 'version: 0.2\nphases:\n  build:\n    commands:\n      - echo "ok"\n      - "key: value"\n      - "- a"\n',
      },
    },
  });
});

test("an image for ARM is built on ARM", () => {
  const arm = { ...manifest([sampleStage("test")]), build: { image: "aws/codebuild/amazonlinux2-aarch64-standard:3.0" } };
  expect(compilePipeline(arm, facts).template.Resources["BuildProject"]).toMatchObject({
    Properties: { Environment: { Type: "ARM_CONTAINER" } },
  });
});

test("every role of a pipeline is bounded where the application says so", () => {
  const build = { name: "migrate", buildspec: "x.yml", dependsOn: [] };
  const { template } = compile([sampleStage("test", { preDeployments: [build] })], { permissionsBoundary: "Limits" });
  const roles = Object.values(template.Resources).filter((resource) => resource.Type === "AWS::IAM::Role");
  expect(roles).toHaveLength(3);
  for (const role of roles) expect(role).toHaveProperty("Properties.PermissionsBoundary");
});
