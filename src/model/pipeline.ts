/** Where a pipeline's source lives. `Git` is any URL that git understands, ours; the others are those of the original. */
export const sourceProviders = ["GitHub", "GitHubV1", "CodeCommit", "Bitbucket", "Git"] as const;
/** The `provider:` of a pipeline's source. */
export type SourceProvider = (typeof sourceProviders)[number];

/** What happens when a new execution starts while another one is under way; the words are CodePipeline's, in lower case. */
export const executionModes = ["superseded", "queued", "parallel"] as const;
/** The `execution_mode:` of a pipeline. */
export type ExecutionMode = (typeof executionModes)[number];

/** The source of a pipeline as its manifest gives it. */
export interface SourceManifest {
  readonly provider: SourceProvider;
  /** A URL, `owner/repo` for GitHub, or `copilot` for the repository which the control plane serves. */
  readonly repository: string;
  readonly branch: string;
  /** Name of the secret that holds a token or key. */
  readonly accessTokenSecret?: string;
  readonly connectionName?: string;
  readonly connectionArn?: string;
  /** `CODEBUILD_CLONE_REF` hands the build a clone with its history instead of files only. */
  readonly outputArtifactFormat?: string;
}

/** How often an action is tried and for how long; ours. */
export interface ActionLimits {
  /** Milliseconds. */
  readonly timeout?: number;
  /** Tries after the first one. */
  readonly retries?: number;
}

/** A workload or environment that a stage deploys; names are the keys of `deployments`. */
export interface DeploymentManifest extends ActionLimits {
  readonly name: string;
  readonly stackName?: string;
  readonly templatePath?: string;
  readonly templateConfig?: string;
  readonly dependsOn: readonly string[];
}

/** A buildspec that runs before or after a stage's deployments; names are the keys of `pre_deployments` and `post_deployments`. */
export interface BuildActionManifest extends ActionLimits {
  readonly name: string;
  /** Relative to the workspace root. */
  readonly buildspec: string;
  readonly dependsOn: readonly string[];
}

/** One environment of a pipeline. */
export interface StageManifest extends ActionLimits {
  readonly name: string;
  readonly requiresApproval: boolean;
  readonly testCommands: readonly string[];
  /** Unset when the manifest has no `deployments` or an empty one: every workload of the workspace. */
  readonly deployments?: readonly DeploymentManifest[];
  readonly preDeployments: readonly BuildActionManifest[];
  readonly postDeployments: readonly BuildActionManifest[];
  /** What a failed stage leaves: what it deployed, or what ran before. */
  readonly onFailure: "stop" | "rollback";
}

/** `copilot/pipelines/<name>/manifest.yml`, checked, with defaults applied where they do not depend on the workspace. */
export interface PipelineManifest {
  readonly name: string;
  readonly version: 1;
  readonly source: SourceManifest;
  readonly build: ActionLimits & {
    /** `aws/codebuild/amazonlinux2-x86_64-standard:5.0` unless given. */
    readonly image: string;
    /** Relative to the workspace root; unset means `buildspec.yml` beside the manifest. */
    readonly buildspec?: string;
    /** The policy document as it was written; AWS only. */
    readonly additionalPolicy?: unknown;
  };
  readonly executionMode: ExecutionMode;
  readonly stages: readonly StageManifest[];
}

/** What an action does. Paths are relative to the root of the source or of the build's output. */
export type ActionWork =
  | { readonly kind: "source"; readonly source: SourceManifest }
  | { readonly kind: "build"; readonly image: string; readonly buildspec: BuildspecSource; readonly environment?: string }
  | { readonly kind: "approval"; readonly environment: string }
  | {
      readonly kind: "deploy";
      readonly subject: "workload" | "environment";
      readonly environment: string;
      readonly name: string;
      readonly templatePath: string;
      readonly templateConfig: string;
      readonly stackName: string;
    };

/** A buildspec in a file of the source, or commands written in the manifest. */
export type BuildspecSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "commands"; readonly commands: readonly string[] };

/** One thing that an execution does. */
export interface Action extends ActionLimits {
  /** Unique in its stage, e.g. `ApprovePromotionTo-prod`. */
  readonly name: string;
  readonly work: ActionWork;
  /** 1 or more; actions of one number may run at once, as CodePipeline orders them. */
  readonly runOrder: number;
  /** Names of the actions of this stage that must have succeeded first; on Docker these count, not `runOrder`. */
  readonly after: readonly string[];
}

/** A group of actions that one execution at a time is in. */
export interface Stage {
  /** `Source`, `Build` or `DeployTo-<environment>`. */
  readonly name: string;
  readonly environment?: string;
  readonly actions: readonly Action[];
  readonly onFailure: "stop" | "rollback";
}

/** A release pipeline: Source, Build, then a stage for each environment. */
export interface Pipeline {
  readonly application: string;
  readonly name: string;
  readonly executionMode: ExecutionMode;
  readonly source: SourceManifest;
  readonly stages: readonly Stage[];
}
