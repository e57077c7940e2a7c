import { dictionary, list } from "../manifest/schema/collections.ts";
import { defaulted, optional, required } from "../manifest/schema/fields.ts";
import { record } from "../manifest/schema/record.ts";
import type { Infer } from "../manifest/schema/schema.ts";
import { anything, choice, duration, flag, integer, text } from "../manifest/schema/scalars.ts";
import { executionModes, sourceProviders } from "../model/pipeline.ts";

const limits = {
  timeout: optional(duration(), "Time that one try of an action may take."),
  retries: optional(integer({ min: 0, noun: "a number of retries" }), "How often a failed action is tried again.", {
    documentedDefault: 0,
  }),
};

const dependsOn = optional(list(text()), "Names of others in the same stage that come first.");

const deployment = record({
  stack_name: optional(text(), "Name of the stack.", { defaultNote: "<application>-<environment>-<name>" }),
  template_path: optional(text(), "Path of the template that the build writes.", {
    defaultNote: "infrastructure/<name>-<environment>.stack.yml",
  }),
  template_config: optional(text(), "Path of the parameters that the build writes.", {
    defaultNote: "infrastructure/<name>-<environment>.params.json",
  }),
  depends_on: dependsOn,
  ...limits,
});

const buildAction = record({
  buildspec: required(text({ noun: "the path of a buildspec", minLength: 1 }), "Path of the buildspec, from the workspace root."),
  depends_on: dependsOn,
  ...limits,
});

const stage = record({
  name: required(text({ noun: "the name of an environment" }), "The environment that the stage deploys to."),
  requires_approval: optional(flag(), "Waits for an approval before anything is deployed.", { documentedDefault: false }),
  require_approval: optional(flag(), "Spelling that an old guide taught for `requires_approval`, and that was never read.", {
    deprecatedFor: "requires_approval",
  }),
  test_commands: optional(list(text()), "Commands that test what was deployed."),
  deployments: optional(
    dictionary(deployment, { keyNoun: "deployment", empty: {} }),
    "What the stage deploys; without it, every workload of the workspace.",
  ),
  pre_deployments: optional(dictionary(buildAction, { keyNoun: "action" }), "Buildspecs that run before the deployments."),
  post_deployments: optional(dictionary(buildAction, { keyNoun: "action" }), "Buildspecs that run after the deployments."),
  on_failure: optional(choice(["stop", "rollback"]), "What a failed stage leaves: what it deployed, or what ran before.", {
    documentedDefault: "stop",
  }),
  ...limits,
});

const source = record({
  provider: required(choice(sourceProviders), "Where the source lives."),
  properties: required(
    record({
      repository: required(text({ noun: "a repository", strict: true }), "URL of the repository, or `owner/name` for GitHub."),
      branch: defaulted(text({ noun: "a branch", strict: true }), "main", "Branch whose pushes start the pipeline."),
      access_token_secret: optional(text({ strict: true }), "Name of the secret with a token for the repository."),
      connection_name: optional(text({ strict: true }), "Code connection that exists.", { docker: "notice" }),
      connection_arn: optional(text({ strict: true }), "ARN of a code connection that exists.", { docker: "notice" }),
      output_artifact_format: optional(
        text({ examples: ["CODEBUILD_CLONE_REF"], strict: true }),
        "`CODEBUILD_CLONE_REF` hands the build a clone with its history.",
      ),
    }),
    "Where exactly.",
  ),
});

const build = record({
  image: defaulted(text(), "aws/codebuild/amazonlinux2-x86_64-standard:5.0", "Image that builds run in."),
  buildspec: optional(text(), "Path of the buildspec, from the workspace root.", {
    defaultNote: "buildspec.yml beside the manifest",
  }),
  additional_policy: optional(
    record({ PolicyDocument: optional(anything(), "Further permissions of the build, as an IAM policy document.", { docker: "notice" }) }),
    "Further permissions of the build.",
    { docker: "notice" },
  ),
  ...limits,
});

/** What a pipeline's manifest may say. */
export const pipelineSchema = record({
  name: required(
    text({
      noun: "a name",
      minLength: 1,
      problem: (name) => (name.length > 100 ? `A pipeline's name has at most 100 characters, and this has ${name.length}.` : undefined),
    }),
    "Name of the pipeline.",
  ),
  version: required(integer({ min: 1, max: 1, noun: "the version" }), "Version of this format: 1."),
  source: required(source, "What the pipeline follows."),
  build: optional(build, "How artifacts are built."),
  execution_mode: defaulted(choice(executionModes), "superseded", "What a new execution does to one under way."),
  stages: optional(list(stage), "The environments, in the order of their release."),
});

/** A pipeline's manifest as read. */
export type WrittenPipeline = Infer<typeof pipelineSchema>;
