import { getAtt, stackName } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources, Template } from "../../cloudformation/template.ts";
import { buildRole } from "./build-role.ts";
import { pipelineRole } from "./pipeline-role.ts";
import type { PipelinePlan } from "./plan.ts";
import { actionProjects, buildProject, testProject } from "./projects.ts";
import { sourceConnection } from "./source.ts";
import { pipelineStages } from "./stages.ts";

/** A release pipeline as CodePipeline runs it. */
export function pipelineTemplate(plan: PipelinePlan): Template {
  const { facts, source } = plan;
  return {
    Description: `The release pipeline of ${facts.application}`,
    Metadata: { Version: facts.version },
    Resources: {
      ...sourceConnection(source),
      ...buildRole(plan),
      ...buildProject(plan),
      ...Object.fromEntries(plan.stages.flatMap((stage) => Object.entries(testProject(plan, stage)))),
      ...Object.fromEntries(plan.stages.flatMap((stage) => Object.entries(actionProjects(plan, stage)))),
      ...pipelineRole(plan),
      ...pipeline(plan),
    },
    Outputs:
      source.kind === "connection"
        ? { PipelineConnectionARN: { Description: "The connection to the source's provider", Value: source.connectionArn } }
        : {},
  };
}

const pipeline = (plan: PipelinePlan): Resources => ({
  Pipeline: resource(
    "AWS::CodePipeline::Pipeline",
    {
      ArtifactStores: plan.facts.artifactBuckets.map(({ name, keyArn }) => ({
        Region: regionOf(keyArn),
        ArtifactStore: { Type: "S3", Location: name, EncryptionKey: { Id: keyArn, Type: "KMS" } },
      })),
      RoleArn: getAtt("PipelineRole", "Arn"),
      Name: plan.facts.isLegacy ? stackName : undefined,
      Stages: pipelineStages(plan),
    },
    { dependsOn: ["PipelineRole", "PipelineRolePolicy"] },
  ),
});

/** Bucket and key are of one region, and only the key's ARN tells it. */
const regionOf = (arn: string): string => arn.split(":")[3] ?? "";
