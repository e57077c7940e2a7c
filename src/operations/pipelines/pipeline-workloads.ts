import { join } from "node:path";
import type { PipelineManifest } from "../../model/pipeline.ts";
import type { PipelineWorkload } from "../../pipelines/compile-pipeline.ts";
import type { Files } from "../../platform/files.ts";
import { allReadable, findLocalWorkloads, type LocalWorkload } from "../local-workloads.ts";

/**
 * The workloads of the workspace that a pipeline may deploy. A stage that names no deployments means all of them: then every manifest has to
 * be readable. Otherwise those that are not are nobody's concern.
 */
export async function workloadsForPipeline(
  { stages }: Pick<PipelineManifest, "stages">,
  files: Files,
  root: string,
): Promise<readonly LocalWorkload[]> {
  const found = await findLocalWorkloads(files, root);
  return stages.some(({ deployments }) => deployments === undefined) ? allReadable(found) : found.workloads;
}

/** As {@link workloadsForPipeline}, with the platform that their manifests name. */
export async function listPipelineWorkloads(
  manifest: Pick<PipelineManifest, "stages">,
  files: Files,
  root: string,
): Promise<readonly PipelineWorkload[]> {
  const workloads = await workloadsForPipeline(manifest, files, root);
  return Promise.all(
    workloads.map(async ({ name, type, manifest }) => {
      const platform = readPlatform((await files.readText(join(root, manifest.path))) ?? "");
      return { name, type, ...(platform === undefined ? {} : { platform }) };
    }),
  );
}

/** `platform` of a manifest, written as a text or as a map with its `osfamily`. */
function readPlatform(text: string): string | undefined {
  const plain = /^platform:[ \t]+["']?(?<platform>[\w/.-]+)/m.exec(text)?.groups?.["platform"];
  return plain ?? /^platform:[ \t]*\n(?:[ \t]+.*\n)*?[ \t]+osfamily:[ \t]*["']?(?<family>\w+)/m.exec(text)?.groups?.["family"];
}
