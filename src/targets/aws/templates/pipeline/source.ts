import type { SourceManifest } from "../../../../model/pipeline.ts";
import { Problem } from "../../../../model/problem.ts";
import type { Repository } from "../../../../pipelines/repository.ts";
import { connectionName, parseRepository } from "../../../../pipelines/repository.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import { ref, sub } from "../../cloudformation/intrinsics.ts";
import type { Json, JsonObject } from "../../cloudformation/json.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";

/** Where a pipeline on AWS takes its source from. */
export type PipelineSource =
  /** By a connection, the named one or one that the stack makes. */
  | {
      readonly kind: "connection";
      readonly provider: "GitHub" | "Bitbucket";
      readonly repository: Repository;
      readonly branch: string;
      readonly connectionArn: Text;
      readonly makesConnection: boolean;
      readonly format: string | undefined;
    }
  | { readonly kind: "codecommit"; readonly repository: Repository; readonly branch: string; readonly format: string | undefined }
  /** By a personal access token that Secrets Manager keeps. */
  | { readonly kind: "github-token"; readonly repository: Repository; readonly branch: string; readonly secret: string };

/** Reads a manifest's source. Throws a Problem when its repository has not the form of its provider. */
export function toPipelineSource(source: SourceManifest, connectionArn: string | undefined): PipelineSource {
  const { provider, branch, accessTokenSecret } = source;
  if (provider === "Git") {
    throw new Problem("provider-not-on-aws", "The pipeline cannot be deployed on AWS: CodePipeline knows no source provider Git", {
      hint: "Use GitHub, Bitbucket or CodeCommit, or release on Docker.",
    });
  }
  const repository = parseRepository(provider, source.repository);
  if (repository === undefined) {
    throw new Problem(
      "repository-not-understood",
      `The pipeline's source cannot be found: ${source.repository} is not a repository of ${provider}`,
      {
        hint: `Write ${exampleRepository[provider]}`,
      },
    );
  }
  const format = source.outputArtifactFormat === "" ? undefined : source.outputArtifactFormat;
  if (provider === "CodeCommit") return { kind: "codecommit", repository, branch, format };
  if (accessTokenSecret !== undefined && provider !== "Bitbucket")
    return { kind: "github-token", repository, branch, secret: accessTokenSecret };
  if (provider === "GitHubV1") {
    throw new Problem("token-missing", "The pipeline's source cannot be read: provider GitHubV1 needs the name of a secret with a token", {
      hint: "Set source.properties.access_token_secret, or use provider GitHub.",
    });
  }
  const connection = { connectionArn: connectionArn ?? ref("SourceConnection"), makesConnection: connectionArn === undefined };
  return { kind: "connection", provider, repository, branch, format, ...connection };
}

const exampleRepository = {
  GitHub: "https://github.com/<owner>/<repository>",
  GitHubV1: "https://github.com/<owner>/<repository>",
  Bitbucket: "https://bitbucket.org/<owner>/<repository>",
  CodeCommit: "https://<region>.console.aws.amazon.com/codesuite/codecommit/repositories/<repository>/browse",
};

/** The connection to the provider, unless there is one; a person confirms it in the console. */
export function sourceConnection(source: PipelineSource): Resources {
  if (source.kind !== "connection" || !source.makesConnection) return {};
  return {
    SourceConnection: resource("AWS::CodeStarConnections::Connection", {
      ConnectionName: connectionName(source.repository),
      ProviderType: source.provider,
    }),
  };
}

/** The statement by which a build may clone the repository itself, where it gets a clone instead of files. */
export function cloneStatements(source: PipelineSource): readonly PolicyStatement[] {
  if (source.kind === "github-token" || source.format !== "CODEBUILD_CLONE_REF") return [];
  if (source.kind === "connection") {
    return [{ Effect: "Allow", Action: ["codestar-connections:UseConnection"], Resource: source.connectionArn }];
  }
  const arn = `arn:\${AWS::Partition}:codecommit:\${AWS::Region}:\${AWS::AccountId}:${source.repository.name}`;
  return [{ Effect: "Allow", Action: ["codecommit:GitPull"], Resource: sub(arn) }];
}

/** The action that brings the source. */
export function sourceAction(source: PipelineSource, application: string) {
  const { owner, provider, configuration } = sourceProvider(source);
  return {
    Name: `SourceCodeFor-${application}`,
    ActionTypeId: { Category: "Source", Owner: owner, Version: "1", Provider: provider },
    Configuration: configuration,
    OutputArtifacts: [{ Name: "SCCheckoutArtifact" }],
    RunOrder: 1,
  };
}

interface SourceProviderAction {
  readonly owner: "AWS" | "ThirdParty";
  readonly provider: string;
  readonly configuration: JsonObject;
}

function sourceProvider(source: PipelineSource): SourceProviderAction {
  const { repository, branch } = source;
  switch (source.kind) {
    case "connection":
      return {
        owner: "AWS",
        provider: "CodeStarSourceConnection",
        configuration: {
          ConnectionArn: toJson(source.connectionArn),
          FullRepositoryId: `${repository.owner}/${repository.name}`,
          BranchName: branch,
          OutputArtifactFormat: source.format,
        },
      };
    case "codecommit":
      return {
        owner: "AWS",
        provider: "CodeCommit",
        configuration: { RepositoryName: repository.name, BranchName: branch, OutputArtifactFormat: source.format },
      };
    case "github-token":
      return {
        owner: "ThirdParty",
        provider: "GitHub",
        configuration: {
          Owner: repository.owner,
          Repo: repository.name,
          Branch: branch,
          OAuthToken: toJson(sub("{{resolve:secretsmanager:${SecretId}}}", { SecretId: source.secret })),
        },
      };
  }
}

const toJson = (text: Text): Json => text;
