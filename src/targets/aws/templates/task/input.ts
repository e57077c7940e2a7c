/** A group of one-off tasks as its stack needs it. */
export interface TaskGroup {
  readonly name: string;
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Unset while the stack is only there to have a repository. */
  readonly image?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Name of the variable → name or ARN of the Systems Manager parameter. */
  readonly parameterSecrets: Readonly<Record<string, string>>;
  /** Name of the variable → ARN in Secrets Manager. */
  readonly managerSecrets: Readonly<Record<string, string>>;
  readonly envFileArn?: string;
  /** ARN; a role is made without it. */
  readonly taskRole?: string;
  /** ARN; a role is made without it. */
  readonly executionRole?: string;
  /** As in ECS. */
  readonly platform?: { readonly osFamily: string; readonly architecture: string };
  /** The environment that it runs in; unset in the default cluster. */
  readonly environment?: { readonly application: string; readonly name: string };
  /** Name of the IAM policy that bounds every role. */
  readonly permissionsBoundary?: string;
  /** Tags of the stack besides those of Copilot. */
  readonly tags: Readonly<Record<string, string>>;
}
