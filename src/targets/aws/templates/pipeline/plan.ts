import type { PipelineManifest } from "../../../../model/pipeline.ts";
import type { PipelineFacts } from "../../pipeline-facts.ts";
import type { PipelineSource } from "./source.ts";
import { toPipelineSource } from "./source.ts";
import type { StagePlan } from "./stage-plan.ts";
import { planStage } from "./stage-plan.ts";

/** A pipeline with all that its template says worked out. */
export interface PipelinePlan {
  readonly facts: PipelineFacts;
  readonly source: PipelineSource;
  readonly build: {
    readonly image: string;
    readonly buildspec: string;
    readonly isArm: boolean;
    readonly additionalPolicy: unknown;
  };
  readonly stages: readonly StagePlan[];
}

/** Works out a pipeline. Throws a Problem when its source, environments or dependencies do not fit. */
export function planPipeline(manifest: PipelineManifest, facts: PipelineFacts): PipelinePlan {
  const { build } = manifest;
  return {
    facts,
    source: toPipelineSource(manifest.source, manifest.source.connectionArn ?? facts.connectionArn),
    build: {
      image: build.image,
      buildspec: build.buildspec ?? (facts.folder === "" ? "buildspec.yml" : `${facts.folder}/buildspec.yml`),
      isArm: build.image.includes("aarch64"),
      additionalPolicy: build.additionalPolicy,
    },
    stages: manifest.stages.map((stage) => planStage(stage, facts)),
  };
}
