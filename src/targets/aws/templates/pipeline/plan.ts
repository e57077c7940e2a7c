import type { PipelineManifest } from "../../../../model/pipeline.ts";
import { Problem } from "../../../../model/problem.ts";
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
    source: toPipelineSource(manifest.source, connectionOf(manifest, facts)),
    build: {
      image: build.image,
      buildspec: build.buildspec ?? (facts.folder === "" ? "buildspec.yml" : `${facts.folder}/buildspec.yml`),
      isArm: build.image.includes("aarch64"),
      additionalPolicy: build.additionalPolicy,
    },
    stages: manifest.stages.map((stage) => planStage(stage, facts)),
  };
}

/** The connection that the manifest asks for; `undefined` where the stack shall make one. */
function connectionOf({ source }: PipelineManifest, facts: PipelineFacts): string | undefined {
  const arn = source.connectionArn ?? facts.connectionArn;
  if (source.connectionName === undefined || arn !== undefined) return arn;
  throw new Problem("connection-not-found", `The pipeline's source cannot be reached: there is no connection ${source.connectionName}`, {
    hint: "Create the connection in the console, or remove source.properties.connection_name to have one made.",
  });
}
