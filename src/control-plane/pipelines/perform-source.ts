import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import { Problem } from "../../model/problem.ts";
import { collectFiles, writeArchive } from "../../pipelines/agent/collect-files.ts";
import { sourceDirectory } from "./build/run-build.ts";
import { artifactFile } from "./execution-store.ts";
import type { Repository } from "./git/repository.ts";
import type { PerformRequest, PerformResult } from "./performer.ts";

/** Name of the artifact that holds the source. */
export const sourceArtifact = "Source";

/** Takes the commit out of the application's repository and keeps it for the actions behind. */
export async function performSource({ execution, folder, signal, log }: PerformRequest, repository: Repository): Promise<PerformResult> {
  const { commit: id, branch } = execution.trigger;
  const commit = await repository.resolve(id);
  if (commit === undefined) {
    throw new Problem("commit-missing", `The source cannot be taken: commit ${id.slice(0, 12)} is not in the repository any more`, {
      hint: "copilot pipeline run",
    });
  }
  const { message, author } = await repository.commit(commit);
  log(`Commit ${commit} by ${author}: ${message}`);
  const clone = execution.pipeline.source.outputArtifactFormat === "CODEBUILD_CLONE_REF";
  const file = artifactFile(folder, sourceArtifact);
  if (clone) await keepClone(repository, commit, { file, signal });
  else await keepStream(repository.archive(commit, `${sourceDirectory.slice(1)}/`, signal), file, signal);
  return { kind: "succeeded", output: { summary: `${commit.slice(0, 8)} on ${branch}: ${message}` } };
}

/** Writes a stream to a file which is there whole or not at all. */
export async function keepStream(stream: Readable, file: string, signal?: AbortSignal): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.next`;
  await pipeline(stream, createWriteStream(draft, { mode: 0o600 }), ...(signal === undefined ? [] : [{ signal }]));
  await rename(draft, file);
}

async function keepClone(
  repository: Repository,
  commit: string,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "source-"));
  try {
    const clone = join(scratch, "clone");
    await repository.clone(commit, clone, signal);
    const files = await collectFiles({ files: ["**/*"], excludePaths: [], discardPaths: false }, clone);
    await mkdir(dirname(file), { recursive: true });
    await writeArchive(
      files.map(({ path, name }) => ({ path, name: `${sourceDirectory.slice(1)}/${name}` })),
      createWriteStream(`${file}.next`, { mode: 0o600 }),
      true,
    );
    await rename(`${file}.next`, file);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
