import type { SourceManifest } from "../model/pipeline.ts";
import { manifestHeader, yamlScalar } from "../manifest/yaml-text.ts";

/** A stage of a new pipeline. */
export interface ScaffoldStage {
  readonly name: string;
  readonly requiresApproval?: boolean;
}

/** What a new pipeline's manifest says. */
export interface ScaffoldPipelineInput {
  readonly name: string;
  readonly source: Pick<SourceManifest, "provider" | "repository" | "branch" | "accessTokenSecret" | "outputArtifactFormat">;
  /** In the order of the release. */
  readonly stages: readonly ScaffoldStage[];
  /** What each stage deploys: the workspace's workloads, or the environment itself of this application. */
  readonly deploys: { readonly kind: "workloads" } | { readonly kind: "environments"; readonly application: string };
}

/** A commented manifest for a new pipeline. */
export function scaffoldPipelineManifest(input: ScaffoldPipelineInput): string {
  const { name, source, stages } = input;
  const lines = [
    ...manifestHeader("pipeline"),
    "",
    `name: ${yamlScalar(name)}`,
    "version: 1 # Of this format.",
    "",
    "# A push to this branch starts the pipeline.",
    "source:",
    `  provider: ${source.provider}`,
    "  properties:",
    `    branch: ${yamlScalar(source.branch)}`,
    `    repository: ${yamlScalar(source.repository)}`,
    ...(source.accessTokenSecret === undefined ? [] : [`    access_token_secret: ${yamlScalar(source.accessTokenSecret)}`]),
    ...(source.outputArtifactFormat === undefined ? [] : [`    output_artifact_format: ${yamlScalar(source.outputArtifactFormat)}`]),
    "",
    "# Environments, in the order of the release.",
    "stages:",
    ...stages.flatMap((stage) => stageLines(stage, input.deploys)),
  ];
  return `${lines.join("\n")}\n`;
}

function stageLines({ name, requiresApproval }: ScaffoldStage, deploys: ScaffoldPipelineInput["deploys"]): readonly string[] {
  return [
    `  - name: ${yamlScalar(name)}`,
    ...(requiresApproval === true
      ? ["    requires_approval: true"]
      : ["    # Waits for `copilot pipeline approve`.", "    # requires_approval: true"]),
    ...(deploys.kind === "environments"
      ? [
          "    deployments:",
          "      deploy-env:",
          `        template_path: infrastructure/${name}.env.yml`,
          `        template_config: infrastructure/${name}.env.params.json`,
          `        stack_name: ${deploys.application}-${name}`,
        ]
      : []),
    "    # Run against what was deployed; a failure stops the release.",
    "    # test_commands: [npm test]",
  ];
}
