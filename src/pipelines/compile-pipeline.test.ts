import { describe, expect, test } from "vitest";
import type { PipelineManifest, StageManifest } from "../model/pipeline.ts";
import { compilePipeline, type PipelineFacts } from "./compile-pipeline.ts";
import { sampleStage } from "../../test/samples/pipelines.ts";

const manifest = (...stages: StageManifest[]): PipelineManifest => ({
  name: "shop-main",
  version: 1,
  source: { provider: "GitHub", repository: "https://github.com/example/shop", branch: "main" },
  build: { image: "aws/codebuild/amazonlinux2-x86_64-standard:5.0" },
  executionMode: "superseded",
  stages,
});

const facts: PipelineFacts = {
  application: "shop",
  folder: "copilot/pipelines/shop-main",
  workloads: [
    { name: "orders", type: "Backend Service" },
    { name: "frontend", type: "Load Balanced Web Service" },
  ],
};

const lines = (pipeline: ReturnType<typeof compilePipeline>) =>
  pipeline.stages.map(({ name, actions }) => [
    name,
    ...actions.map((action) => `${action.runOrder} ${action.name}${action.after.length > 0 ? ` after ${action.after.join(" ")}` : ""}`),
  ]);

describe("compilePipeline", () => {
  test("a stage without deployments deploys every workload, then tests", () => {
    expect(lines(compilePipeline(manifest(sampleStage("test", { testCommands: ["make test"] })), facts))).toEqual([
      ["Source", "1 SourceCodeFor-shop"],
      ["Build", "1 Build"],
      [
        "DeployTo-test",
        "1 CreateOrUpdate-frontend-test",
        "1 CreateOrUpdate-orders-test",
        "2 TestCommands after CreateOrUpdate-orders-test CreateOrUpdate-frontend-test",
      ],
    ]);
  });

  test("approval, actions before, deployments and actions after follow each other, each group by its dependencies", () => {
    const pipeline = compilePipeline(
      manifest(
        sampleStage("test", {
          requiresApproval: true,
          preDeployments: [{ name: "db_migration", buildspec: "pre.yml", dependsOn: [] }],
          deployments: [
            { name: "orders", dependsOn: [] },
            { name: "warehouse", dependsOn: [] },
            { name: "frontend", dependsOn: ["orders", "warehouse"] },
          ],
          postDeployments: [
            { name: "db_migration", buildspec: "post.yml", dependsOn: [] },
            { name: "integration", buildspec: "integ.yml", dependsOn: ["db_migration"] },
          ],
        }),
      ),
      facts,
    );
    expect(lines(pipeline)[2]).toEqual([
      "DeployTo-test",
      "1 ApprovePromotionTo-test",
      "2 db_migration after ApprovePromotionTo-test",
      "3 CreateOrUpdate-orders-test after db_migration",
      "3 CreateOrUpdate-warehouse-test after db_migration",
      "4 CreateOrUpdate-frontend-test after CreateOrUpdate-orders-test CreateOrUpdate-warehouse-test",
      "5 db_migration-after after CreateOrUpdate-orders-test CreateOrUpdate-warehouse-test CreateOrUpdate-frontend-test",
      "6 integration after db_migration-after",
    ]);
  });

  test("a deployment takes its files from the build's output unless the manifest names others", () => {
    const pipeline = compilePipeline(
      manifest(
        sampleStage("test", { deployments: [{ name: "orders", dependsOn: [], templatePath: "out/orders.json", stackName: "custom" }] }),
      ),
      facts,
    );
    expect(pipeline.stages[2]?.actions[0]?.work).toEqual({
      kind: "deploy",
      subject: "workload",
      environment: "test",
      name: "orders",
      templatePath: "out/orders.json",
      templateConfig: "infrastructure/orders-test.params.json",
      stackName: "custom",
    });
  });

  test("the manifest of an environment is deployed as an environment", () => {
    const deployments = [{ name: "deploy-env", dependsOn: [], templatePath: "infrastructure/test.env.yml" }];
    const pipeline = compilePipeline(manifest(sampleStage("test", { deployments })), { ...facts, workloads: [] });
    expect(pipeline.stages[2]?.actions[0]?.work).toMatchObject({ subject: "environment", templatePath: "infrastructure/test.env.yml" });
  });

  test("an action's own time-out and retries win over its stage's", () => {
    const deployments = [{ name: "orders", dependsOn: [], retries: 5 }];
    const [, , deployStage] = compilePipeline(manifest(sampleStage("test", { deployments, timeout: 60_000, retries: 1 })), facts).stages;
    expect(deployStage?.actions[0]).toMatchObject({ timeout: 60_000, retries: 5 });
  });

  test.each([
    ["a workspace without workloads", manifest(sampleStage("test")), { ...facts, workloads: [] }, "no-workloads"],
    [
      "a Windows workload",
      manifest(sampleStage("test")),
      { ...facts, workloads: [{ name: "iis", type: "Backend Service" as const, platform: "windows/amd64" }] },
      "windows-not-supported",
    ],
    [
      "a cycle",
      manifest(sampleStage("test", { deployments: ["a", "b"].map((name) => ({ name, dependsOn: [name === "a" ? "b" : "a"] })) })),
      facts,
      "dependency-cycle",
    ],
    [
      "an unknown dependency",
      manifest(sampleStage("test", { deployments: [{ name: "a", dependsOn: ["zz"] }] })),
      facts,
      "unknown-dependency",
    ],
  ])("%s is refused", (_, given, givenFacts, code) => {
    expect(() => compilePipeline(given, givenFacts)).toThrow(expect.objectContaining({ code }));
  });
});
