import type { Pipeline } from "../../model/pipeline.ts";
import { compilePipeline } from "../../pipelines/compile-pipeline.ts";
import type { PipelineClient, PipelineRegistered } from "../../pipelines/pipeline-api.ts";
import type { Files } from "../../platform/files.ts";
import type { LocalPipeline } from "./local-pipelines.ts";
import { listPipelineWorkloads } from "./pipeline-workloads.ts";

/** What registering works with. */
export interface RegisterContext {
  readonly pipelines: PipelineClient;
  readonly files: Files;
  readonly root: string;
  readonly application: string;
  readonly user: string;
}

/** The pipeline that a manifest of the workspace means. */
export async function compileLocalPipeline(
  local: LocalPipeline,
  { files, root, application }: Pick<RegisterContext, "files" | "root" | "application">,
): Promise<Pipeline> {
  const workloads = await listPipelineWorkloads(local.manifest, files, root);
  return compilePipeline(local.manifest, { application, folder: local.folder, workloads });
}

/** Makes what builds need on the engine, and registers the pipeline or its new version. */
export async function registerPipeline(local: LocalPipeline, context: RegisterContext): Promise<PipelineRegistered> {
  const pipeline = await compileLocalPipeline(local, context);
  const images = await context.pipelines.ensureImages();
  return context.pipelines.register({ pipeline, manifest: local.text, user: context.user, images });
}
