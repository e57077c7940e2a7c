import { join } from "node:path";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { Problem } from "../../model/problem.ts";
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
}

/** Path of a pipeline's manifest from the workspace root. */
export const pipelineManifestPath = (name: string): string => `copilot/pipelines/${name}/manifest.yml`;

/** How pipelines are read: leniently, fields that nobody knows are told and carried on with. */
export interface PipelineReading {
  readonly lenient: boolean;
  readonly warn: (warning: Diagnostic) => void;
}

/** Every pipeline of the workspace, the one of the former layout too. Complaints of all manifests come in one Problem. */
export async function listLocalPipelines(
  files: Files,
  root: string,
  { lenient, warn }: PipelineReading,
): Promise<readonly LocalPipeline[]> {
  const folders = (await files.list(join(root, "copilot/pipelines")))
    .filter(({ kind }) => kind === "folder")
    .map(({ name }) => `copilot/pipelines/${name}`);
  const paths = ["copilot/pipeline.yml", ...folders.map((folder) => `${folder}/manifest.yml`)];
  const texts = await Promise.all(paths.map(async (path) => ({ path, text: await files.readText(join(root, path)) })));
  const loaded = texts.flatMap(({ path, text }) =>
    text === undefined ? [] : [{ path, text, read: loadPipeline(path, text, { lenient }) }],
  );
  const complaints = loaded.flatMap(({ read }) => (read.ok ? [] : read.diagnostics));
  if (complaints.length > 0)
    throw new Problem("manifest-invalid", "read the pipelines of the workspace: a manifest has errors", { diagnostics: complaints });
  for (const { read } of loaded) if (read.ok) read.warnings.forEach(warn);
  return loaded.flatMap(({ path, text, read }) =>
    read.ok ? [{ name: read.value.name, path, folder: path.slice(0, path.lastIndexOf("/")), text, manifest: read.value }] : [],
  );
}
