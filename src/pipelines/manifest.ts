import type { Checked } from "../model/diagnostic.ts";
import type {
  ActionLimits,
  BuildActionManifest,
  DeploymentManifest,
  PipelineManifest,
  SourceManifest,
  StageManifest,
} from "../model/pipeline.ts";
import { Diagnostics } from "../manifest/diagnostics.ts";
import { parseYaml } from "../manifest/parse.ts";
import { findingsFor } from "../manifest/rules.ts";
import { pipelineSchema } from "./manifest-schema.ts";
import type { WrittenPipeline } from "./manifest-schema.ts";
import { pipelineRules } from "./manifest-rules.ts";

/** Reads `copilot/pipelines/<name>/manifest.yml`, or the former `copilot/pipeline.yml`. Variables are not filled in here. */
export function loadPipeline(file: string, text: string, options: { readonly lenient?: boolean } = {}): Checked<PipelineManifest> {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return { ok: false, diagnostics: parsed.diagnostics };
  const collected = new Diagnostics();
  parsed.warnings.forEach(collected.report);
  const lenient = options.lenient === true;
  const context = { path: [], partial: false, lenient, inComposite: false, report: collected.report };
  const written = pipelineSchema.decode(parsed.root, context);
  if (written !== undefined) {
    const findings = findingsFor(parsed.root, collected.all(), collected.report);
    for (const rule of pipelineRules({ lenient })) rule(written, findings);
  }
  if (written === undefined || collected.failed()) return collected.refused();
  return { ok: true, value: toPipelineManifest(written), warnings: collected.all() };
}

type Stage = NonNullable<WrittenPipeline["stages"]>[number];

function toPipelineManifest(written: WrittenPipeline): PipelineManifest {
  const build = written.build;
  const policy = build?.additional_policy?.PolicyDocument;
  return {
    name: written.name,
    version: 1,
    source: toSource(written.source),
    build: {
      image: build?.image === undefined || build.image === "" ? pipelineBuildImage : build.image,
      ...(build?.buildspec === undefined ? {} : { buildspec: build.buildspec }),
      ...(policy === undefined ? {} : { additionalPolicy: policy }),
      ...toLimits(build ?? {}),
    },
    executionMode: written.execution_mode,
    stages: (written.stages ?? []).map(toStage),
  };
}

/** The image that builds run in where the manifest names none. */
export const pipelineBuildImage = "aws/codebuild/amazonlinux2-x86_64-standard:5.0";

function toSource({ provider, properties }: WrittenPipeline["source"]): SourceManifest {
  return {
    provider,
    repository: properties.repository,
    branch: properties.branch,
    ...(properties.access_token_secret === undefined ? {} : { accessTokenSecret: properties.access_token_secret }),
    ...(properties.connection_name === undefined ? {} : { connectionName: properties.connection_name }),
    ...(properties.connection_arn === undefined ? {} : { connectionArn: properties.connection_arn }),
    ...(properties.output_artifact_format === undefined ? {} : { outputArtifactFormat: properties.output_artifact_format }),
  };
}

function toStage(stage: Stage): StageManifest {
  const deployments = Object.entries(stage.deployments ?? {}).map(toDeployment);
  return {
    name: stage.name,
    requiresApproval: stage.requires_approval ?? stage.require_approval ?? false,
    testCommands: stage.test_commands ?? [],
    ...(deployments.length === 0 ? {} : { deployments }),
    preDeployments: Object.entries(stage.pre_deployments ?? {}).map(toBuildAction),
    postDeployments: Object.entries(stage.post_deployments ?? {}).map(toBuildAction),
    onFailure: stage.on_failure ?? "stop",
    ...toLimits(stage),
  };
}

function toDeployment([name, written]: readonly [string, NonNullable<Stage["deployments"]>[string]]): DeploymentManifest {
  return {
    name,
    ...filled("stackName", written.stack_name),
    ...filled("templatePath", written.template_path),
    ...filled("templateConfig", written.template_config),
    dependsOn: written.depends_on ?? [],
    ...toLimits(written),
  };
}

function toBuildAction([name, written]: readonly [string, NonNullable<Stage["pre_deployments"]>[string]]): BuildActionManifest {
  return { name, buildspec: written.buildspec, dependsOn: written.depends_on ?? [], ...toLimits(written) };
}

/** An empty text counts as left out, as it always did here. */
const filled = <K extends "stackName" | "templatePath" | "templateConfig">(
  key: K,
  value: string | undefined,
): { readonly [P in K]?: string } =>
  // TypeScript widens the computed key to string.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  (value === undefined || value === "" ? {} : { [key]: value }) as { readonly [P in K]?: string };

function toLimits(written: { readonly timeout?: number; readonly retries?: number }): ActionLimits {
  return {
    ...(written.timeout === undefined ? {} : { timeout: written.timeout * 1000 }),
    ...(written.retries === undefined ? {} : { retries: written.retries }),
  };
}
