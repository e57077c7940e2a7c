import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import type { Files } from "../platform/files.ts";
import type { WorkloadAssets } from "../targets/target.ts";
import type { OperationContext } from "./operation-context.ts";

/** Which images a workload's assets have. */
export interface GatherOptions {
  readonly tag?: string;
  /** False names the images without building any. */
  readonly build: boolean;
}

/** Everything that a workload brings along: images, env files and a site's files. */
export async function gatherAssets(spec: WorkloadSpec, options: GatherOptions, context: OperationContext): Promise<WorkloadAssets> {
  const { root, files, provideImages, signal, tell } = context;
  const [images, envFiles, site] = await Promise.all([
    spec.task === undefined ? {} : provideImages(spec, { ...options, root, signal, tell }),
    readEnvFiles(spec, root, files),
    spec.site === undefined
      ? undefined
      : import("./site-archive.ts").then(({ createSiteArchive }) => createSiteArchive(spec.site ?? { files: [] }, root)),
  ]);
  return { images, envFiles, ...(site === undefined ? {} : { site }) };
}

/** The text of every env file that a workload names. */
export async function readEnvFiles(
  spec: Pick<WorkloadSpec, "name" | "task">,
  root: string,
  files: Pick<Files, "readText">,
): Promise<Readonly<Record<string, string>>> {
  const named = [...(spec.task?.containers ?? []), ...(spec.task?.logRouter === undefined ? [] : [spec.task.logRouter])];
  const paths = [...new Set(named.flatMap(({ envFile }) => (envFile === undefined ? [] : [envFile])))];
  const entries = await Promise.all(
    paths.map(async (path) => {
      const text = await files.readText(join(root, path));
      if (text === undefined)
        throw new Problem("env-file-missing", `read the env file ${path} of ${spec.name}: it is not there`, {
          hint: "correct env_file in the manifest",
        });
      return [path, text] as const;
    }),
  );
  return Object.fromEntries(entries);
}
