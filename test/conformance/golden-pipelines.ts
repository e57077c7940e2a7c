import type { BuildActionManifest, PipelineManifest, SourceManifest, StageManifest } from "../../src/model/pipeline.ts";
import type { PipelineFacts } from "../../src/targets/aws/pipeline-facts.ts";
import { sampleStage } from "../samples/pipelines.ts";

/** How one golden template of a pipeline was made: `shared/golden/pipelines/inputs.yml`. */
export interface GoldenPipeline {
  readonly template: string;
  /** Source and build come from this file instead. */
  readonly manifestFile?: string;
  readonly manifest: PipelineManifest;
  readonly facts: PipelineFacts;
}

const standardImage = "aws/codebuild/amazonlinux2-x86_64-standard";

const facts = (environment: string, workloads: readonly string[], folder: string): PipelineFacts => ({
  application: "phonetool",
  version: "v1.28.0",
  isLegacy: false,
  folder,
  workloads,
  artifactBuckets: [{ name: "fancy-bucket", keyArn: "arn:aws:kms:us-west-2:1111:key/abcd" }],
  environments: {
    [environment]: {
      account: "1111",
      region: "us-west-2",
      executionRoleArn: `arn:aws:iam::1111:role/phonetool-${environment}-CFNExecutionRole`,
      managerRoleArn: `arn:aws:iam::1111:role/phonetool-${environment}-EnvManagerRole`,
    },
  },
  tags: {},
});

const manifest = (source: SourceManifest, only: StageManifest, build: Partial<PipelineManifest["build"]> = {}): PipelineManifest => ({
  name: "phonetool-pipeline",
  version: 1,
  source,
  build: { image: `${standardImage}:5.0`, ...build },
  executionMode: "superseded",
  stages: [only],
});

const action = (name: string, buildspec: string, ...dependsOn: string[]): BuildActionManifest => ({ name, buildspec, dependsOn });

const github: SourceManifest = { provider: "GitHub", repository: "https://github.com/aws/phonetool", branch: "mainline" };
const folder = "copilot/pipelines/phonetool-pipeline";
const tested = sampleStage("test", { testCommands: ['echo "test"'] });

/** The five golden templates of pipelines. */
export const goldenPipelines: readonly GoldenPipeline[] = [
  {
    template: "pipelines/gh_template.yaml",
    manifest: manifest(
      github,
      sampleStage("test", {
        requiresApproval: true,
        preDeployments: [action("preAction1", "./buildspec.yml"), action("preAction2", "copilot/pipelines/buildspec.yml", "preAction1")],
        postDeployments: [
          action("postAction1", ".anotherPath/buildspec.yml"),
          action("postAction2", ".somePath/buildspec.yml", "postAction1"),
          action("postAction3", ".someOtherPath/buildspec.yml"),
        ],
      }),
    ),
    facts: facts("test", ["api", "frontend"], folder),
  },
  {
    template: "pipelines/ghv1_template.yml",
    manifest: manifest({ ...github, provider: "GitHubV1", accessTokenSecret: "my secret" }, tested, {
      image: `${standardImage}:3.0`,
      buildspec: "copilot/buildspec.yml",
    }),
    facts: facts("test", ["api"], folder),
  },
  {
    template: "pipelines/bb_template.yaml",
    manifest: manifest(
      {
        provider: "Bitbucket",
        repository: "https://bitbucket.org/huanjani/sample",
        branch: "main",
        outputArtifactFormat: "CODEBUILD_CLONE_REF",
      },
      tested,
    ),
    facts: facts("test", ["api"], folder),
  },
  {
    template: "pipelines/cc_template.yaml",
    manifest: manifest(
      {
        provider: "CodeCommit",
        repository: "https://us-west-2.console.aws.amazon.com/codesuite/codecommit/repositories/aws-sample/browse",
        branch: "main",
        outputArtifactFormat: "CODEBUILD_CLONE_REF",
      },
      sampleStage("staging-test", { testCommands: ['echo "test"'] }),
    ),
    facts: facts("staging-test", ["api"], folder),
  },
  {
    template: "pipelines/dd_stack_template.yaml",
    manifestFile: "pipelines/dd_manifest.yaml",
    manifest: manifest(github, tested),
    facts: facts("test", ["api"], ""),
  },
];
