import { workloadsForPipeline } from "../operations/pipelines/pipeline-workloads.ts";
import type { LocalPipeline } from "../operations/pipelines/local-pipelines.ts";
import { pipelineExtensions, readAddons, readExtensions } from "../operations/read-extensions.ts";
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
  const { session, application, progress } = opened;
  if (session.packagePipeline === undefined) throw notYet(`compile a pipeline to a stack on ${session.target}`);
  const read = withOverrides ? readExtensions : readAddons;
  const [extensions, workloads] = await Promise.all([
    read(pipelineExtensions(pipeline.name), { session, root, files: context.files, tell: progress.tell }),
    workloadsForPipeline(pipeline.manifest, context.files, root),
  ]);
  return session.packagePipeline({
    application: application.name,
    manifest: pipeline.manifest,
    folder: pipeline.folder,
    workloads: workloads.map(({ name }) => name),
    extensions,
  });
}
