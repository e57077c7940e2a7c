import { workloadsForPipeline } from "../operations/pipelines/pipeline-workloads.ts";
import type { LocalPipeline } from "../operations/pipelines/local-pipelines.ts";
import { pipelineExtensions, readExtensions } from "../operations/read-extensions.ts";
import type { WorkloadPackage } from "../targets/target.ts";
import type { CommandContext } from "./context.ts";
import { notYet } from "./not-yet.ts";
import { requireWorkspace, type OpenedApplication } from "./open-application.ts";

/** The stack of a pipeline of the workspace, where a target has such. `withOverrides` applies what the person changes in it. */
export async function packagePipelineStack(
  context: Pick<CommandContext, "files">,
  opened: OpenedApplication,
  { pipeline, withOverrides }: { readonly pipeline: LocalPipeline; readonly withOverrides: boolean },
): Promise<WorkloadPackage> {
  const { root } = requireWorkspace(opened);
  const { session, application } = opened;
  if (session.packagePipeline === undefined) throw notYet(`compile a pipeline to a stack on ${session.target}`);
  const [read, workloads] = await Promise.all([
    readExtensions(pipelineExtensions(pipeline.name), root, context.files),
    workloadsForPipeline(pipeline.manifest, context.files, root),
  ]);
  return session.packagePipeline({
    application: application.name,
    manifest: pipeline.manifest,
    folder: pipeline.folder,
    workloads: workloads.map(({ name }) => name),
    extensions: withOverrides ? read : { ...read, overrides: { kind: "none" } },
  });
}
