import { join } from "node:path";
import type { PipelineWorkload } from "../../pipelines/compile-pipeline.ts";
import type { Files } from "../../platform/files.ts";
import { listLocalWorkloads } from "../local-workloads.ts";

/** The workloads of the workspace with the platform that their manifests name. */
export async function listPipelineWorkloads(files: Files, root: string): Promise<readonly PipelineWorkload[]> {
  const workloads = await listLocalWorkloads(files, root);
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
