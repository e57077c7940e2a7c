import { createHash } from "node:crypto";
import { join } from "node:path";
import { settleAll } from "../model/settle-all.ts";
import type { ImageBuild } from "../model/workload-spec.ts";
import { listBuildContext, readDockerfile } from "./build-context.ts";
import type { FileHashes } from "./file-hashes.ts";

/** A build with its folder, and the platform when the manifest names one. */
export interface FingerprintedBuild {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly build: ImageBuild;
  readonly platform?: string;
  /** Whose image it is: named where something is missing. */
  readonly workload: string;
}

/**
 * SHA-256 of all that decides what a build gives: the Dockerfile, the context as `.dockerignore` leaves it with modes and links, target,
 * arguments and platform. Owners and times of files are left out, as builds leave them out; so are the images that it starts from.
 */
export async function fingerprintBuild({ root, build, platform, workload }: FingerprintedBuild, hashes: FileHashes): Promise<string> {
  const context = join(root, build.context);
  const dockerfile = join(root, build.dockerfile);
  const [text, entries] = await settleAll([readDockerfile(dockerfile, workload), listBuildContext(context, dockerfile)]);
  const files = entries.filter((entry) => entry.kind === "file");
  const contents = await hashes.of(context, files);
  const hash = createHash("sha256");
  const args = Object.entries(build.args).toSorted(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify(["copilot-image/1", text, build.target ?? "", args, platform ?? ""]));
  let file = 0;
  for (const entry of entries) {
    if (entry.kind === "link") hash.update(JSON.stringify(["l", entry.path, entry.target]));
    else if (entry.kind === "directory") hash.update(JSON.stringify(["d", entry.path, entry.mode]));
    else hash.update(JSON.stringify(["f", entry.path, entry.mode, contents[file++]]));
  }
  return hash.digest("hex");
}
