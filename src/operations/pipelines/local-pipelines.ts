import { join } from "node:path";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { PipelineManifest } from "../../model/pipeline.ts";
import { loadPipeline } from "../../pipelines/manifest.ts";
import type { Files } from "../../platform/files.ts";

/** A pipeline that has a manifest in the workspace. */
export interface LocalPipeline {
  readonly name: string;
  /** Path of the manifest from the workspace root. */
  readonly path: string;
  /** Folder of its files from the workspace root. */
  readonly folder: string;
  readonly text: string;
  readonly manifest: PipelineManifest;
  /** What is worth a warning in the manifest. */
  readonly warnings: readonly Diagnostic[];
}

/** A pipeline whose manifest cannot be read. */
export interface UnreadablePipeline {
  /** As the manifest or its folder has it. */
  readonly names: readonly string[];
  readonly path: string;
  readonly complaints: readonly Diagnostic[];
}

/** What the pipeline manifests of a workspace say. */
export interface FoundPipelines {
  /** The one of the former layout, then by folder. */
  readonly pipelines: readonly LocalPipeline[];
  readonly unreadable: readonly UnreadablePipeline[];
}

/** Path of a pipeline's manifest from the workspace root. */
export const pipelineManifestPath = (name: string): string => `copilot/pipelines/${name}/manifest.yml`;

/**
 * Looks at every pipeline of the workspace, the one of the former layout too. One that cannot be read keeps nobody from working on another.
 * When `lenient`, fields that nobody knows are told and carried on with.
 */
export async function findLocalPipelines(files: Files, root: string, { lenient }: { readonly lenient: boolean }): Promise<FoundPipelines> {
  const folders = (await files.list(join(root, "copilot/pipelines"))).filter(({ kind }) => kind === "folder").map(({ name }) => name);
  const places = [
    { folder: "copilot", path: "copilot/pipeline.yml", names: [] },
    ...folders.map((name) => ({ folder: `copilot/pipelines/${name}`, path: pipelineManifestPath(name), names: [name] })),
  ];
  const pipelines: LocalPipeline[] = [];
  const unreadable: UnreadablePipeline[] = [];
  const texts = await Promise.all(places.map(({ path }) => files.readText(join(root, path))));
  for (const [index, { folder, path, names }] of places.entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    const read = loadPipeline(path, text, { lenient });
    if (read.ok) pipelines.push({ name: read.value.name, path, folder, text, manifest: read.value, warnings: read.warnings });
    else unreadable.push({ names: [...names, ...writtenName(text)], path, complaints: read.diagnostics });
  }
  return { pipelines, unreadable };
}

/** The name in a manifest that cannot be read as a whole. */
function writtenName(text: string): readonly string[] {
  const name = /^\uFEFF?name:[ \t]*["']?(?<name>[\w-]+)/m.exec(text)?.groups?.["name"];
  return name === undefined ? [] : [name];
}
