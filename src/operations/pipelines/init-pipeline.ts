import { join } from "node:path";
import type { PipelineManifest, SourceProvider } from "../../model/pipeline.ts";
import { nameProblem } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import { scaffoldPipelineManifest } from "../../pipelines/manifest-scaffold.ts";
import type { Files } from "../../platform/files.ts";
import { generatedBuildspec } from "./generated-buildspec.ts";
import { pipelineManifestPath } from "./local-pipelines.ts";

/** What a new pipeline follows and does. */
export interface InitPipelineInput {
  readonly application: string;
  readonly name: string;
  readonly url: string;
  readonly branch: string;
  /** In the order of the release. */
  readonly environments: readonly string[];
  readonly deploys: "Workloads" | "Environments";
  readonly accessTokenSecret?: string;
  /** Of this program, for the buildspec. */
  readonly version: string;
}

/** A file that was written, or was there. */
export interface InitializedFile {
  readonly path: string;
  readonly outcome: "created" | "exists";
}

/** Writes manifest and buildspec of a new pipeline; files that are there stay as they are. */
export async function initPipeline(
  input: InitPipelineInput,
  { files, root }: { readonly files: Files; readonly root: string },
): Promise<readonly InitializedFile[]> {
  const problem =
    nameProblem(input.name) ??
    (input.name.length > 100 ? `it has ${input.name.length} characters, and a pipeline has at most 100` : undefined);
  if (problem !== undefined) throw new Problem("name-invalid", `name a pipeline ${JSON.stringify(input.name)}: ${problem}`);
  const { provider, repository } = toSource(input.url, input.accessTokenSecret);
  const manifest = scaffoldPipelineManifest({
    name: input.name,
    source: {
      provider,
      repository,
      branch: input.branch,
      ...(input.accessTokenSecret === undefined ? {} : { accessTokenSecret: input.accessTokenSecret }),
    },
    stages: input.environments.map((name) => ({ name })),
    deploys: input.deploys === "Workloads" ? { kind: "workloads" } : { kind: "environments", application: input.application },
  });
  const path = pipelineManifestPath(input.name);
  const buildspec = path.replace("manifest.yml", "buildspec.yml");
  return [
    { path, outcome: await files.create(join(root, path), manifest) },
    { path: buildspec, outcome: await files.create(join(root, buildspec), generatedBuildspec(input.name, input.version)) },
  ];
}

/** Provider and address of a repository, as a manifest has them. */
export function toSource(url: string, accessTokenSecret?: string): Pick<PipelineManifest["source"], "provider" | "repository"> {
  const address = url.replace(/^git@(?<host>[^:/]+):/, "https://$<host>/").replace(/\.git$/, "");
  const provider = providerOf(address, accessTokenSecret);
  const codeCommit =
    /^(?:https:\/\/|ssh:\/\/)?(?:[^@/]+@)?git-codecommit\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/v1\/repos\/(?<name>[^/]+)/.exec(
      url,
    )?.groups;
  const grc = /^codecommit(?:::(?<region>[a-z0-9-]+))?:\/\/(?:[^@/]+@)?(?<name>[^/]+)$/.exec(url)?.groups;
  const found = codeCommit ?? grc;
  if (found?.["name"] !== undefined) {
    const region = found["region"] ?? "us-east-1";
    return {
      provider: "CodeCommit",
      repository: `https://${region}.console.aws.amazon.com/codesuite/codecommit/repositories/${found["name"]}/browse`,
    };
  }
  return { provider, repository: provider === "Git" ? url : address };
}

function providerOf(address: string, accessTokenSecret: string | undefined): SourceProvider {
  if (/^https:\/\/(?:[^@/]+@)?github\.com\//.test(address)) return accessTokenSecret === undefined ? "GitHub" : "GitHubV1";
  if (/^https:\/\/(?:[^@/]+@)?bitbucket\.org\//.test(address)) return "Bitbucket";
  if (/codecommit/.test(address)) return "CodeCommit";
  return "Git";
}

/** The name that is suggested: `<repository>-<branch>` where that can be one. */
export function suggestName(url: string, branch: string, application: string): string | undefined {
  const repository =
    url === "copilot" ? application : (/(?<name>[^/:]+?)(?:\.git|\/browse)?\/?$/.exec(url)?.groups?.["name"] ?? application);
  const name = `${repository}-${branch}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/-{2,}/g, "-")
    .replace(/^[^a-z]+|-$/g, "");
  return nameProblem(name) === undefined ? name : undefined;
}
