import type { BuildActionManifest, DeploymentManifest, StageManifest } from "../../../../model/pipeline.ts";
import { Problem } from "../../../../model/problem.ts";
import type { Dependent } from "../../../../pipelines/run-order.ts";
import { rankActions } from "../../../../pipelines/run-order.ts";
import type { PipelineEnvironment, PipelineFacts } from "../../pipeline-facts.ts";

/** Something with its place in a stage: actions of one number run at the same time, higher ones later. */
export type Placed<T> = T & { readonly runOrder: number };

/** A stage with its environment and the place of every action. */
export interface StagePlan {
  readonly name: string;
  readonly environment: PipelineEnvironment;
  readonly approval: { readonly runOrder: number } | undefined;
  readonly preDeployments: readonly Placed<BuildActionManifest>[];
  readonly deployments: readonly Placed<DeploymentManifest>[];
  readonly postDeployments: readonly Placed<BuildActionManifest>[];
  readonly tests: { readonly runOrder: number; readonly commands: readonly string[] } | undefined;
}

/**
 * Puts a stage's actions in order: approval, then what comes before deployments, deployments, and what comes after them or tests.
 * Throws a Problem when the environment is unknown or actions wait for each other.
 */
export function planStage(stage: StageManifest, facts: PipelineFacts): StagePlan {
  const environment = facts.environments[stage.name];
  if (environment === undefined) {
    throw new Problem(
      "environment-not-found",
      `The pipeline cannot deploy to ${stage.name}: application ${facts.application} has no such environment`,
      {
        hint: `copilot env init --name ${stage.name}`,
      },
    );
  }
  const deployments = stage.deployments ?? facts.workloads.map((name) => ({ name, dependsOn: [] }));
  const approval = stage.requiresApproval ? { runOrder: 1 } : undefined;
  const pre = place(stage.preDeployments, approval?.runOrder ?? 0);
  const deploy = place(deployments, highest(pre, approval?.runOrder ?? 0));
  const end = highest(deploy, highest(pre, approval?.runOrder ?? 0));
  return {
    name: stage.name,
    environment,
    approval,
    preDeployments: pre,
    deployments: deploy,
    postDeployments: place(stage.postDeployments, end),
    tests: stage.testCommands.length === 0 ? undefined : { runOrder: end + 1, commands: stage.testCommands },
  };
}

const highest = (placed: readonly { readonly runOrder: number }[], otherwise: number): number =>
  Math.max(otherwise, ...placed.map((action) => action.runOrder));

function place<T extends Dependent>(actions: readonly T[], after: number): readonly Placed<T>[] {
  const order = rankActions(actions);
  if (order.kind === "cycle") {
    throw new Problem(
      "dependency-cycle",
      `The pipeline cannot order its actions: ${[...order.names, order.names[0]].join(" → ")} is a cycle`,
      {
        hint: "Remove one of these depends_on entries.",
      },
    );
  }
  return actions
    .map((action) => ({ ...action, runOrder: after + 1 + order.rank(action.name) }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
