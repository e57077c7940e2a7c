import { parse, stringify } from "yaml";
import type { BuildActionManifest } from "../../../../model/pipeline.ts";
import { getAtt, importValue, partition, sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resource, Resources } from "../../cloudformation/template.ts";
import { actionRole } from "./build-role.ts";
import { actionProjectId, testProjectId } from "./names.ts";
import type { PipelinePlan } from "./plan.ts";
import type { StagePlan } from "./stage-plan.ts";

/** Where actions before and after deployments and test commands run; unlike the build's, no manifest changes it. */
const defaultImage = "aws/codebuild/amazonlinux2-x86_64-standard:5.0";

/** The CodeBuild project of the build stage. */
export const buildProject = (plan: PipelinePlan): Resources => ({
  BuildProject: resource("AWS::CodeBuild::Project", {
    Name: sub("${AWS::StackName}-BuildProject"),
    Description: sub("Build for ${AWS::StackName}"),
    ...buildsFromSource({
      application: plan.facts.application,
      role: "BuildProjectRole",
      image: plan.build.image,
      isArm: plan.build.isArm,
      buildspec: plan.build.buildspec,
      variables: {},
    }),
  }),
});

/** The projects of a stage's actions before and after deployments, each with a role of its own. */
export function actionProjects(plan: PipelinePlan, stage: StagePlan): Resources {
  const parts = [
    ...stage.preDeployments.map((action) => actionProject(plan, stage, { when: "Pre", action })),
    ...stage.postDeployments.map((action) => actionProject(plan, stage, { when: "Post", action })),
  ];
  return Object.fromEntries(parts.flat());
}

interface StageAction {
  readonly when: "Pre" | "Post";
  readonly action: BuildActionManifest;
}

function actionProject(plan: PipelinePlan, stage: StagePlan, { when, action }: StageAction): readonly [string, Resource][] {
  const id = actionProjectId(when, stage.name, action.name);
  const project = resource(
    "AWS::CodeBuild::Project",
    buildsFromSource({
      application: plan.facts.application,
      role: `${id}BuildProjectRole`,
      image: defaultImage,
      isArm: false,
      buildspec: action.buildspec,
      variables: { COPILOT_APPLICATION_NAME: plan.facts.application, COPILOT_ENVIRONMENT_NAME: stage.name },
    }),
  );
  return [
    [`${id}BuildProjectRole`, actionRole(plan, stage)],
    [id, project],
  ];
}

interface SourceBuild {
  readonly application: string;
  /** Logical ID. */
  readonly role: string;
  readonly image: string;
  readonly isArm: boolean;
  readonly buildspec: string;
  readonly variables: Readonly<Record<string, string>>;
}

const buildsFromSource = (build: SourceBuild) => ({
  EncryptionKey: importValue(`${build.application}-ArtifactKey`),
  ServiceRole: getAtt(build.role, "Arn"),
  Artifacts: { Type: "CODEPIPELINE" },
  Cache: { Modes: ["LOCAL_DOCKER_LAYER_CACHE"], Type: "LOCAL" },
  Environment: {
    Type: build.isArm ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    ComputeType: "BUILD_GENERAL1_SMALL",
    PrivilegedMode: true,
    Image: build.image,
    EnvironmentVariables: [
      { Name: "AWS_ACCOUNT_ID", Value: sub("${AWS::AccountId}") },
      { Name: "PARTITION", Value: partition },
      ...Object.entries(build.variables).map(([name, value]) => ({ Name: name, Value: value })),
    ],
  },
  Source: { Type: "CODEPIPELINE", BuildSpec: build.buildspec },
  TimeoutInMinutes: 60,
});

/** The project of a stage's test commands, which run without the source; nothing without commands. */
export function testProject(plan: PipelinePlan, stage: StagePlan): Resources {
  if (stage.tests === undefined) return {};
  return {
    [testProjectId(stage.name)]: resource("AWS::CodeBuild::Project", {
      EncryptionKey: importValue(`${plan.facts.application}-ArtifactKey`),
      ServiceRole: getAtt("BuildProjectRole", "Arn"),
      Artifacts: { Type: "NO_ARTIFACTS" },
      Environment: { Type: "LINUX_CONTAINER", Image: defaultImage, ComputeType: "BUILD_GENERAL1_SMALL", PrivilegedMode: true },
      Source: { Type: "NO_SOURCE", BuildSpec: testBuildspec(stage.tests.commands) },
    }),
  };
}

const testBuildspec = (commands: readonly string[]): string =>
  ["version: 0.2", "phases:", "  build:", "    commands:", ...commands.map((command) => `      - ${toEntry(command)}`), ""].join("\n");

/** A command as it stands in a list of YAML: plain, as live pipelines have it, unless YAML would read something else. */
function toEntry(command: string): string {
  return readsAs(command) === command ? command : stringify(command, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0 }).trimEnd();
}

function readsAs(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
