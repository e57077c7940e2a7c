import type { WorkloadType } from "../model/names.ts";
import type {
  Action,
  ActionLimits,
  BuildActionManifest,
  DeploymentManifest,
  Pipeline,
  PipelineManifest,
  Stage,
  StageManifest,
} from "../model/pipeline.ts";
import { Problem } from "../model/problem.ts";
import { rankActions, type Dependent } from "./run-order.ts";

/** Where CodeBuild would run the actions before and after deployments and the test commands. */
export const defaultBuildImage = "aws/codebuild/amazonlinux2-x86_64-standard:5.0";

/** Milliseconds after which CodeBuild ends a build, unless the manifest says otherwise. */
export const defaultBuildTimeout = 60 * 60_000;

/** Milliseconds for which CodePipeline waits for an approval. */
export const defaultApprovalTimeout = 7 * 24 * 60 * 60_000;

/** A workload of the workspace, as far as a pipeline must know it. */
export interface PipelineWorkload {
  readonly name: string;
  readonly type: WorkloadType;
  /** `platform` of the manifest, e.g. `windows/amd64`. */
  readonly platform?: string;
}

/** What a pipeline is compiled against. */
export interface PipelineFacts {
  readonly application: string;
  /** Folder of the pipeline's files, relative to the workspace root with forward slashes. */
  readonly folder: string;
  /** Every workload which has a manifest in the workspace. */
  readonly workloads: readonly PipelineWorkload[];
}

/**
 * The stages and actions of a manifest. Throws a Problem when the workspace has no workload to deploy, when one of them runs on Windows,
 * and when dependencies have a cycle or name nothing.
 */
export function compilePipeline(manifest: PipelineManifest, facts: PipelineFacts): Pipeline {
  refuseWindows(facts.workloads);
  const stages = manifest.stages.map((stage) => toStage(stage, facts)).filter((stage) => stage !== undefined);
  if (stages.length === 0) {
    throw new Problem("no-workloads", `Pipeline ${manifest.name} has nothing to deploy: the workspace has no service and no job`, {
      hint: "copilot svc init",
    });
  }
  return {
    application: facts.application,
    name: manifest.name,
    executionMode: manifest.executionMode,
    source: manifest.source,
    stages: [sourceStage(manifest, facts), buildStage(manifest, facts), ...stages],
  };
}

function refuseWindows(workloads: readonly PipelineWorkload[]): void {
  const windows = workloads.filter((workload) => workload.platform?.toLowerCase().startsWith("windows") === true).map(({ name }) => name);
  if (windows.length === 0) return;
  throw new Problem(
    "windows-not-supported",
    `A pipeline cannot build ${windows.join(", ")}: the build stage runs Linux, which cannot build Windows containers`,
    { hint: "copilot deploy" },
  );
}

const sourceStage = (manifest: PipelineManifest, facts: PipelineFacts): Stage => ({
  name: "Source",
  onFailure: "stop",
  actions: [{ name: `SourceCodeFor-${facts.application}`, work: { kind: "source", source: manifest.source }, runOrder: 1, after: [] }],
});

const buildStage = (manifest: PipelineManifest, facts: PipelineFacts): Stage => ({
  name: "Build",
  onFailure: "stop",
  actions: [
    {
      name: "Build",
      work: {
        kind: "build",
        image: manifest.build.image,
        buildspec: { kind: "file", path: manifest.build.buildspec ?? `${facts.folder}/buildspec.yml` },
      },
      runOrder: 1,
      after: [],
      ...limitsOf(manifest.build, { timeout: defaultBuildTimeout }),
    },
  ],
});

function toStage(stage: StageManifest, facts: PipelineFacts): Stage | undefined {
  const deployments = stage.deployments ?? facts.workloads.map(({ name }): DeploymentManifest => ({ name, dependsOn: [] }));
  if (deployments.length === 0) return undefined;
  const groups = [
    stage.requiresApproval ? [approvalAction(stage)] : [],
    stage.preDeployments.map((action) => toBuildAction(action, stage, action.name)),
    deployments.map((deployment) => toDeployAction(deployment, stage, facts)),
    [...stage.postDeployments.map((action) => toBuildAction(action, stage, nameAfter(action.name, stage))), ...testActions(stage)],
  ];
  return { name: `DeployTo-${stage.name}`, environment: stage.name, onFailure: stage.onFailure, actions: orderGroups(groups) };
}

/** An action before it is known what stands in front of its group. */
interface Draft extends Dependent {
  readonly action: Omit<Action, "runOrder" | "after">;
}

/** Strings the groups together: what waits for nothing in its group waits for every action of the group in front. */
function orderGroups(groups: readonly (readonly Draft[])[]): readonly Action[] {
  const actions: Action[] = [];
  let base = 1;
  let before: readonly string[] = [];
  for (const group of groups) {
    if (group.length === 0) continue;
    const rank = rankGroup(group);
    const actionName = new Map(group.map((draft) => [draft.name, draft.action.name]));
    for (const draft of group.toSorted((a, b) => rank(a.name) - rank(b.name) || (a.action.name < b.action.name ? -1 : 1))) {
      const after = draft.dependsOn.map((name) => actionName.get(name) ?? name);
      actions.push({ ...draft.action, runOrder: base + rank(draft.name), after: after.length > 0 ? after : before });
    }
    before = group.map((draft) => draft.action.name);
    base += 1 + Math.max(...group.map((draft) => rank(draft.name)));
  }
  return actions;
}

function rankGroup(group: readonly Draft[]): (name: string) => number {
  const names = new Set(group.map(({ name }) => name));
  for (const { name, dependsOn } of group) {
    const unknown = dependsOn.find((other) => !names.has(other));
    if (unknown === undefined) continue;
    throw new Problem(
      "unknown-dependency",
      `The pipeline cannot order its actions: ${name} depends on ${unknown}, which the stage does not have`,
      {
        hint: `Name ${unknown} in the same block, or remove it from depends_on.`,
      },
    );
  }
  const order = rankActions(group);
  if (order.kind === "ranks") return order.rank;
  const cycle = [...order.names, order.names[0]].join(" → ");
  throw new Problem("dependency-cycle", `The pipeline cannot order its actions: ${cycle} is a cycle`, {
    hint: "Remove one of these depends_on entries.",
  });
}

const approvalAction = (stage: StageManifest): Draft => ({
  name: "approval",
  dependsOn: [],
  action: {
    name: `ApprovePromotionTo-${stage.name}`,
    work: { kind: "approval", environment: stage.name },
    timeout: defaultApprovalTimeout,
  },
});

/** The documentation's own example has one name before and after the deployments; names of a stage's actions must differ. */
const nameAfter = (name: string, stage: StageManifest): string =>
  stage.preDeployments.some((action) => action.name === name) ? `${name}-after` : name;

const toBuildAction = (action: BuildActionManifest, stage: StageManifest, name: string): Draft => ({
  name: action.name,
  dependsOn: action.dependsOn,
  action: {
    name,
    work: { kind: "build", image: defaultBuildImage, buildspec: { kind: "file", path: action.buildspec }, environment: stage.name },
    ...limitsOf(action, { timeout: defaultBuildTimeout, ...stageLimits(stage) }),
  },
});

const testActions = (stage: StageManifest): readonly Draft[] =>
  stage.testCommands.length === 0
    ? []
    : [
        {
          name: "TestCommands",
          dependsOn: [],
          action: {
            name: "TestCommands",
            work: {
              kind: "build",
              image: defaultBuildImage,
              buildspec: { kind: "commands", commands: stage.testCommands },
              environment: stage.name,
            },
            ...limitsOf(stage, { timeout: defaultBuildTimeout }),
          },
        },
      ];

function toDeployAction(deployment: DeploymentManifest, stage: StageManifest, facts: PipelineFacts): Draft {
  const isWorkload = facts.workloads.some(({ name }) => name === deployment.name);
  const file = `infrastructure/${deployment.name}-${stage.name}`;
  return {
    name: deployment.name,
    dependsOn: deployment.dependsOn,
    action: {
      name: `CreateOrUpdate-${deployment.name}-${stage.name}`,
      work: {
        kind: "deploy",
        subject: !isWorkload && deployment.templatePath?.endsWith(".env.yml") === true ? "environment" : "workload",
        environment: stage.name,
        name: deployment.name,
        templatePath: deployment.templatePath ?? `${file}.stack.yml`,
        templateConfig: deployment.templateConfig ?? `${file}.params.json`,
        stackName: deployment.stackName ?? `${facts.application}-${stage.name}-${deployment.name}`,
      },
      ...limitsOf(deployment, stageLimits(stage)),
    },
  };
}

const stageLimits = (stage: StageManifest): ActionLimits => limitsOf(stage, {});

const limitsOf = (own: ActionLimits, inherited: ActionLimits): ActionLimits => {
  const timeout = own.timeout ?? inherited.timeout;
  const retries = own.retries ?? inherited.retries;
  return { ...(timeout === undefined ? {} : { timeout }), ...(retries === undefined ? {} : { retries }) };
};
