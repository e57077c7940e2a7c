import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import { settleAll } from "../model/settle-all.ts";
import type { SiteSpec, WorkloadSpec } from "../model/workload-spec.ts";
import type { Files } from "../platform/files.ts";
import type { PackageOptions, SiteAssets, WorkloadAssets } from "../targets/target.ts";
import type { OperationContext } from "./operation-context.ts";

/** Which images a workload's assets have. */
export interface GatherOptions {
  readonly tag?: string;
  /** False names the images without building any. */
  readonly build: boolean;
  /** What the package will say of files; everything unless given. */
  readonly files?: PackageOptions["files"];
}

/** Everything that a workload brings along: images, env files and a site's files. */
export async function gatherAssets(
  spec: WorkloadSpec,
  { files: said, ...options }: GatherOptions,
  context: OperationContext,
): Promise<WorkloadAssets> {
  const { root, files, provideImages, session, signal, tell } = context;
  // A template that leaves files out can be made before they are: pipelines look at it, and people whose env files are elsewhere.
  const isNeedless = said === "left-out" && session.target === "aws";
  const [images, envFiles, site] = await settleAll([
    spec.task === undefined ? {} : provideImages(spec, { ...options, root, signal, tell }),
    isNeedless ? {} : readEnvFiles(spec, root, files),
    isNeedless || spec.site === undefined ? undefined : readSite(spec.site, root),
  ]);
  return { images, envFiles, ...(site === undefined ? {} : { site }) };
}

/** The code of archives is loaded with the first site. */
async function readSite(site: SiteSpec, root: string): Promise<SiteAssets> {
  const { createSiteArchive } = await import("./site-archive.ts");
  return createSiteArchive(site, root);
}

/** The text of every env file that a workload names. */
export async function readEnvFiles(
  spec: Pick<WorkloadSpec, "name" | "task">,
  root: string,
  files: Pick<Files, "readText">,
): Promise<Readonly<Record<string, string>>> {
  const named = [...(spec.task?.containers ?? []), ...(spec.task?.logRouter === undefined ? [] : [spec.task.logRouter])];
  const paths = [...new Set(named.flatMap(({ envFile }) => (envFile === undefined ? [] : [envFile])))];
  const entries = await settleAll(
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
