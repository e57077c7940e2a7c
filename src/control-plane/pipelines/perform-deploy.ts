import { parse as parseYaml } from "yaml";
import type { DeploymentFailure, DeploymentOutcome, Release } from "../../model/deployment.ts";
import type { Action, ActionWork, Stage } from "../../model/pipeline.ts";
import { Problem } from "../../model/problem.ts";
import type { WorkEvent } from "../../targets/docker/protocol.ts";
import type { EnvironmentDocument, StackDocument } from "../../targets/docker/stack-document.ts";
import { isEnvironmentDocument, isStackDocument } from "../api/read-body.ts";
import type { WorkloadKey } from "../object-names.ts";
import { artifactFile } from "./execution-store.ts";
import { buildArtifact } from "./perform-build.ts";
import type { PerformRequest, PerformResult, RollbackResult } from "./performer.ts";
import { readFromArchive } from "./read-archive.ts";
import { ControlPlaneEnds } from "./stop-request.ts";

/** What a deploy action does to the control plane it runs in. */
export interface DeployDependencies {
  deployWorkload(
    key: WorkloadKey,
    request: { readonly document: StackDocument; readonly user: string; readonly commit?: string },
    signal: AbortSignal,
  ): AsyncIterable<WorkEvent>;
  deployEnvironment(request: { readonly document: EnvironmentDocument; readonly user: string }): AsyncIterable<WorkEvent>;
  cancelWorkload(key: WorkloadKey): void;
  /** Oldest first. */
  releases(key: WorkloadKey): readonly Release[];
  /** The document of an earlier revision that succeeded. */
  earlierDocument(key: WorkloadKey, revision: number): StackDocument | undefined;
  /** Makes the application's record of a workload unless it is there. */
  registerWorkload(document: StackDocument): Promise<void>;
}

type DeployWork = Extract<ActionWork, { kind: "deploy" }>;

/** Applies a document that the build stage has made. */
export async function performDeploy(request: PerformRequest, dependencies: DeployDependencies): Promise<PerformResult> {
  const { execution, action } = request;
  const { work } = action;
  if (work.kind !== "deploy") throw new Error(`${action.name} is no deployment.`);
  const found = await readFromArchive(artifactFile(request.folder, buildArtifact), templatePaths(work.templatePath)).catch(() => undefined);
  if (found === undefined) {
    throw new Problem("template-missing", `${work.name} cannot be deployed: the build left no ${work.templatePath}`, {
      hint: "The buildspec must package it, and name its folder under artifacts.",
    });
  }
  const document = toDocument(work, execution.pipeline.application, found);
  if (document.format === "copilot-environment/1") {
    const outcome = await follow(dependencies.deployEnvironment({ document, user: execution.trigger.user }), request);
    return toResult(outcome, { urls: [] });
  }
  return deployWorkload(request, document, dependencies);
}

/** Files are JSON whatever they are called; both names that packaging has used are looked for. */
export const templatePaths = (path: string): readonly string[] => [
  path,
  path.replace(/\.ya?ml$/, ".json"),
  path.replace(/\.json$/, ".yml"),
];

function toDocument(
  work: DeployWork,
  application: string,
  file: { readonly path: string; readonly text: string },
): StackDocument | EnvironmentDocument {
  const value: unknown = parseYaml(file.text);
  if (typeof value === "object" && value !== null && ("AWSTemplateFormatVersion" in value || "Resources" in value)) {
    throw new Problem(
      "template-not-docker",
      `${work.name} cannot be deployed: ${file.path} is a CloudFormation template, and environment ${work.environment} is on Docker`,
      {
        hint: "Package it with this Copilot; see docs of copilot svc package.",
      },
    );
  }
  const document = isStackDocument(value) || isEnvironmentDocument(value) ? value : undefined;
  if (document === undefined)
    throw new Problem("template-invalid", `${work.name} cannot be deployed: ${file.path} is no document that copilot package writes`);
  if (document.application !== application || document.environment !== work.environment) {
    throw new Problem(
      "template-foreign",
      `${work.name} cannot be deployed: ${file.path} is of ${document.application} in ${document.environment}, and this action deploys ${application} in ${work.environment}`,
    );
  }
  return document;
}

async function deployWorkload(request: PerformRequest, document: StackDocument, dependencies: DeployDependencies): Promise<PerformResult> {
  const { execution, signal } = request;
  const key: WorkloadKey = { application: document.application, environment: document.environment, workload: document.workload };
  await dependencies.registerWorkload(document);
  const before = releaseBefore(dependencies.releases(key), execution.startedAt);
  const cancel = (): void => {
    if (!(signal.reason instanceof ControlPlaneEnds)) dependencies.cancelWorkload(key);
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const deployment = { document, user: execution.trigger.user, commit: execution.trigger.commit };
    const outcome = await follow(dependencies.deployWorkload(key, deployment, signal), request);
    const own =
      outcome.kind === "unchanged" && outcome.revision !== before?.revision ? ({ ...outcome, kind: "deployed" } as const) : outcome;
    return toResult(own, { urls: [], ...(before === undefined ? {} : { before }) });
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** What ran when the execution began: a deployment that is made again after a crash must not take its own revision for that. */
const releaseBefore = (releases: readonly Release[], startedAt: string): Release | undefined =>
  releases.findLast((release) => release.status === "deployed" && release.startedAt < startedAt);

async function follow(events: AsyncIterable<WorkEvent>, { log }: Pick<PerformRequest, "log">): Promise<DeploymentOutcome> {
  for await (const event of events) {
    if (event.type === "outcome") return event.outcome;
    if (event.type === "error")
      throw new Problem(event.error.code, event.error.message, event.error.hint === undefined ? {} : { hint: event.error.hint });
    if (event.type === "notice") log(`${event.level === "warning" ? "Warning" : "Notice"}: ${event.message}`);
    else if (event.status !== "progressed")
      log(
        `${event.title}: ${event.status}${event.because === undefined ? "" : ` (${event.because})`}${event.detail === undefined ? "" : `: ${event.detail}`}`,
      );
  }
  throw new Error("The deployment ended without an outcome.");
}

function toResult(outcome: DeploymentOutcome, { before }: { readonly urls: readonly string[]; readonly before?: Release }): PerformResult {
  const previous = before === undefined ? {} : { previousRevision: before.revision };
  switch (outcome.kind) {
    case "deployed": {
      const { revision, urls } = outcome;
      const at = urls[0] === undefined ? "" : ` at ${urls[0]}`;
      return { kind: "succeeded", output: { summary: `revision ${revision}${at}`, revision, urls, ...previous } };
    }
    case "unchanged": {
      const since =
        before === undefined
          ? ""
          : `, deployed ${before.startedAt}${before.commit === undefined ? "" : ` from ${before.commit.slice(0, 8)}`}`;
      const summary = `unchanged since revision ${outcome.revision}${since}: same document, same images`;
      return { kind: "succeeded", output: { summary, revision: outcome.revision, urls: outcome.urls, unchanged: true, ...previous } };
    }
    case "rolled-back": {
      const kept = outcome.revision === undefined ? "nothing runs" : `revision ${outcome.revision} serves on`;
      return failed(`${outcome.failure.reason}; ${kept}`, outcome.failure);
    }
    case "failed":
      return failed(`${outcome.failure.reason}; it was left as it is`, outcome.failure);
    case "cancelled":
      return { kind: "failed", failure: { kind: "failed", reason: "the deployment was cancelled" } };
  }
}

const failed = (reason: string, failure: DeploymentFailure): PerformResult => ({
  kind: "failed",
  failure: {
    kind: "failed",
    reason,
    ...(failure.exitCode === undefined ? {} : { exitCode: failure.exitCode }),
    ...(failure.lastLines.length === 0 ? {} : { lastLines: failure.lastLines }),
  },
});

/** Applies again, in the opposite order, what the stage's deployments found before them. */
export async function rollBackStage(request: Omit<PerformRequest, "action">, dependencies: DeployDependencies): Promise<RollbackResult> {
  const { execution, stage } = request;
  const restored: string[] = [];
  const problems: string[] = [];
  for (const { name, key, revision } of deployedBy(execution, stage).toReversed()) {
    const document = revision === undefined ? undefined : dependencies.earlierDocument(key, revision);
    if (document === undefined) {
      problems.push(`${name} had no earlier revision to go back to`);
      continue;
    }
    const outcome = await follow(dependencies.deployWorkload(key, { document, user: execution.trigger.user }, request.signal), request);
    if (outcome.kind === "deployed" || outcome.kind === "unchanged") restored.push(name);
    else problems.push(`${name} could not go back to revision ${String(revision)}`);
  }
  return { restored, ...(problems.length > 0 ? { problem: problems.join("; ") } : {}) };
}

interface DeployedAction {
  readonly name: string;
  readonly key: WorkloadKey;
  readonly revision?: number;
}

function deployedBy(execution: PerformRequest["execution"], stage: Stage): readonly DeployedAction[] {
  const states = execution.stages.find(({ name }) => name === stage.name)?.actions ?? [];
  return stage.actions.flatMap((action: Action) => {
    const output = states.find(({ name, status }) => name === action.name && status === "succeeded")?.output;
    if (action.work.kind !== "deploy" || action.work.subject !== "workload" || output === undefined || output.unchanged === true) return [];
    const key = { application: execution.pipeline.application, environment: action.work.environment, workload: action.work.name };
    return [{ name: action.work.name, key, ...(output.previousRevision === undefined ? {} : { revision: output.previousRevision }) }];
  });
}
