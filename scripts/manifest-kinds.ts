import { environmentSchema } from "../src/manifest/environment/definition.ts";
import type { Shape } from "../src/manifest/schema/schema.ts";
import { pipelineSchema } from "../src/pipelines/manifest-schema.ts";
import { workloadTypes } from "../src/model/names.ts";
import { workloadKinds } from "../src/workloads/registry.ts";
import { manifestKind } from "../src/workloads/scaffold.ts";
import { manifestShape } from "../src/workloads/shape.ts";

/** A kind of manifest file that has a schema and a page. */
export interface ManifestKind {
  /** The word for it in the names of files. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly path: string;
  readonly shape: Extract<Shape, { kind: "record" }>;
  /** Fields that every file of the kind has. */
  readonly required: readonly string[];
}

function recordOf(shape: Shape): Extract<Shape, { kind: "record" }> {
  if (shape.kind !== "record") throw new TypeError("a manifest is a map");
  return shape;
}

/** Every kind of manifest file. */
export const manifestKinds: readonly ManifestKind[] = [
  ...workloadTypes.map((type) => ({
    name: manifestKind(type),
    title: type,
    summary: workloadKinds[type].summary,
    path: "copilot/<name>/manifest.yml",
    shape: manifestShape(workloadKinds[type]),
    required: ["name", "type"],
  })),
  {
    name: "environment",
    title: "Environment",
    summary: "A place where workloads run together.",
    path: "copilot/environments/<name>/manifest.yml",
    shape: recordOf(environmentSchema.shape),
    required: ["name", "type"],
  },
  {
    name: "pipeline",
    title: "Pipeline",
    summary: "A release from a push to every environment.",
    path: "copilot/pipelines/<name>/manifest.yml",
    shape: recordOf(pipelineSchema.shape),
    required: ["name", "version", "source", "stages"],
  },
];
