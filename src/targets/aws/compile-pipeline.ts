import type { PipelineManifest } from "../../model/pipeline.ts";
import type { CompiledStack } from "./compiled-stack.ts";
import type { PipelineFacts } from "./pipeline-facts.ts";
import { planPipeline } from "./templates/pipeline/plan.ts";
import { pipelineTemplate } from "./templates/pipeline/template.ts";

/** The stack of a pipeline. Throws a Problem when its source, environments or dependencies do not fit. */
export function compilePipeline(manifest: PipelineManifest, facts: PipelineFacts): CompiledStack {
  return {
    name: facts.isLegacy ? manifest.name : `pipeline-${facts.application}-${manifest.name}`,
    template: pipelineTemplate(planPipeline(manifest, facts)),
    parameters: {},
    tags: {
      ...facts.tags,
      "copilot-application": facts.application,
      ...(facts.isLegacy ? {} : { "copilot-pipeline": manifest.name }),
    },
  };
}
