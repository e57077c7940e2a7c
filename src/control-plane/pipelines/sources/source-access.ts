import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SourceManifest } from "../../../model/pipeline.ts";
import type { GitCall } from "../git/git.ts";

/** The `repository` of a pipeline that follows the repository which the control plane serves. */
export const servedRepository = "copilot";

/** The address that git takes for a source. */
export function sourceUrl({ provider, repository }: SourceManifest): string {
  const codeCommit =
    /^https:\/\/(?<region>[a-z0-9-]+)\.console\.aws\.amazon\.com\/codesuite\/codecommit\/repositories\/(?<name>[^/]+)/.exec(
      repository,
    )?.groups;
  if (codeCommit !== undefined) return `https://git-codecommit.${codeCommit["region"]}.amazonaws.com/v1/repos/${codeCommit["name"]}`;
  const isShort = /^[\w.-]+\/[\w.-]+$/.test(repository);
  if (isShort && provider === "Bitbucket") return `https://bitbucket.org/${repository}`;
  return isShort ? `https://github.com/${repository}` : repository;
}

/** Owner and name at GitHub or Bitbucket; `undefined` elsewhere. */
export function hostedRepository(
  source: SourceManifest,
): { readonly host: "github" | "bitbucket"; readonly owner: string; readonly name: string } | undefined {
  const match = /(?:^|[/@.])(?<host>github\.com|bitbucket\.org)[/:](?<owner>[^/]+)\/(?<name>[^/]+?)(?:\.git)?\/?$/.exec(
    sourceUrl(source),
  )?.groups;
  if (match?.["owner"] === undefined || match["name"] === undefined) return undefined;
  return { host: match["host"] === "github.com" ? "github" : "bitbucket", owner: match["owner"], name: match["name"] };
}

/** Names under which a source's token or key may be kept, the one that the manifest names first. */
export const tokenNames = (source: SourceManifest, application: string, pipeline: string): readonly string[] => {
  const repository = hostedRepository(source)?.name;
  return [
    ...(source.accessTokenSecret === undefined ? [] : [source.accessTokenSecret]),
    ...(repository === undefined ? [] : [`github-token-${application}-${repository}`]),
    `${pipeline}-source`,
  ];
};

/** Calls git with the source's token or ssh key, neither of which is on a command line or stays behind. */
export async function withAccess<T>(source: SourceManifest, secret: string | undefined, use: (call: GitCall) => Promise<T>): Promise<T> {
  if (secret === undefined) return use({});
  if (!secret.includes("-----BEGIN"))
    return use({ settings: { "http.extraHeader": `Authorization: Basic ${credentials(source, secret)}` } });
  const folder = await mkdtemp(join(tmpdir(), "source-key-"));
  try {
    const key = join(folder, "key");
    await writeFile(key, `${secret.trim()}\n`, { mode: 0o600 });
    const ssh = `ssh -i ${key} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=${join(folder, "hosts")}`;
    return await use({ variables: { GIT_SSH_COMMAND: ssh } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function credentials(source: SourceManifest, secret: string): string {
  if (/^[^:\s]+:[^:\s]+$/.test(secret)) return Buffer.from(secret).toString("base64");
  const user = hostedRepository(source)?.host === "bitbucket" ? "x-token-auth" : "x-access-token";
  return Buffer.from(`${user}:${secret}`).toString("base64");
}
