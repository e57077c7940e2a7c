import type { SourceProvider } from "../model/pipeline.ts";

/** A repository at its host; CodeCommit has no owner. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

const patterns: Readonly<Record<Exclude<SourceProvider, "Git">, RegExp>> = {
  GitHub: /^(?:https:\/\/github\.com\/)?(?<owner>.+)\/(?<name>.+)$/,
  GitHubV1: /^(?:https:\/\/github\.com\/)?(?<owner>.+)\/(?<name>.+)$/,
  CodeCommit: /^https:\/\/.+\.console\.aws\.amazon\.com\/codesuite\/codecommit\/repositories\/(?<name>.+)\/browse/,
  Bitbucket: /^https:\/\/bitbucket\.org\/(?<owner>.+)\/(?<name>.+)$/,
};

/** The repository that a pipeline manifest's `repository` names; `undefined` when it has not the form of its provider. */
export function parseRepository(provider: Exclude<SourceProvider, "Git">, location: string): Repository | undefined {
  const groups = patterns[provider].exec(location)?.groups;
  const name = groups?.["name"];
  return name === undefined ? undefined : { owner: groups?.["owner"] ?? "", name };
}

/** The name under which a connection to `repository` is made: at most 32 characters, of which the repository's name has 18. */
export const connectionName = (repository: Repository): string => `copilot-${repository.owner.slice(0, 5)}-${repository.name.slice(0, 18)}`;
