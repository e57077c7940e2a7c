import type { Pipeline } from "../model/pipeline.ts";
import type { StackDocument } from "../targets/docker/stack-document.ts";
import type { ActionKey } from "./execution/event.ts";
import type { Wait } from "./execution/schedule.ts";
import type { ExecutionState } from "./execution/state.ts";

/**
 * The part of the control plane's API that is about pipelines, below `/v1/applications/:app`:
 *
 * | call | answer |
 * |---|---|
 * | GET pipelines | PipelineDescription[] |
 * | PUT, GET, DELETE pipelines/:name | body PipelineRegistration, answer PipelineRegistered; PipelineDescription |
 * | POST pipelines/:name/executions | body ExecutionRequest; ExecutionView |
 * | GET pipelines/:name/executions?limit | ExecutionState[], newest first |
 * | GET pipelines/:name/executions/:number | ExecutionView; `latest` is a number too |
 * | GET pipelines/:name/executions/:number/events | a stream of ExecutionStreamEvent from the state now to the end |
 * | GET pipelines/:name/executions/:number/logs?stage&action&follow | a stream of ExecutionLogLine |
 * | POST pipelines/:name/executions/:number/{approval,stop,retry} | bodies ApprovalAnswer, StopRequestBody, RetryRequestBody; ExecutionView |
 * | GET pipelines/:name/executions/:number/diff | PendingChange[] of the stage that waits for an approval |
 * | GET why/:workload | WorkloadDecision[], newest first |
 * | PUT pipeline-secrets/:name | body { value, overwrite }; tokens of sources and webhooks |
 *
 * Beside it, `/git/:app` is the application's repository (HTTP basic authentication, the token as password), and `POST /webhooks/:app/:pipeline`
 * takes GitHub's and Bitbucket's push events, which prove themselves by their signature.
 */
export interface PipelineRegistration {
  readonly pipeline: Pipeline;
  /** The manifest as it was written. */
  readonly manifest: string;
  readonly user: string;
  readonly images: Readonly<Record<string, string>>;
}

/** What registering a pipeline came to. */
export interface PipelineRegistered {
  readonly kind: "created" | "updated" | "unchanged";
  /** The first execution, where the source has a commit. */
  readonly execution?: ExecutionView;
  /** What keeps the pipeline from following its source. */
  readonly problem?: string;
}

/** A registered pipeline. */
export interface PipelineDescription {
  readonly pipeline: Pipeline;
  readonly manifest: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly user: string;
  readonly latest?: ExecutionView;
  /** Why the source could not be read the last time. */
  readonly sourceProblem?: string;
}

/** A new execution. */
export interface ExecutionRequest {
  readonly user: string;
  /** A commit or branch of the application's repository; unset means the tracked branch as the source has it. */
  readonly revision?: string;
}

/** An execution with what it waits for. */
export interface ExecutionView {
  readonly state: ExecutionState;
  readonly waits: readonly Wait[];
}

/** What a follower of an execution hears. */
export type ExecutionStreamEvent = ({ readonly type: "state" } & ExecutionView) | ({ readonly type: "line" } & ExecutionLogLine);

/** One line of an action's log. */
export interface ExecutionLogLine extends ActionKey {
  readonly at: string;
  readonly text: string;
}

/** An answer to an approval; unset names mean the one that waits. */
export interface ApprovalAnswer {
  readonly approved: boolean;
  readonly user: string;
  readonly comment?: string;
  readonly action?: string;
}

/** Ends an execution. */
export interface StopRequestBody {
  readonly user: string;
  readonly reason?: string;
}

/** Runs failed actions again. */
export interface RetryRequestBody {
  readonly user: string;
  /** Name of an action. */
  readonly from?: string;
}

/** What a waiting stage would deploy, and what is deployed. */
export interface PendingChange {
  readonly stage: string;
  readonly environment: string;
  readonly workload: string;
  readonly before?: StackDocument;
  /** Unset when the build left no document for it. */
  readonly after?: StackDocument;
}

/** What an execution decided about a workload. */
export interface WorkloadDecision {
  readonly pipeline: string;
  readonly number: number;
  readonly environment: string;
  readonly commit: string;
  readonly at: string;
  readonly decision: "deployed" | "unchanged" | "failed" | "waiting" | "not-reached";
  readonly reason: string;
}

/** How git reaches the repository which a control plane serves. */
export interface GitRemote {
  readonly url: string;
  readonly username: string;
  /** The token; it goes to git's standard input or environment and nowhere else. */
  readonly password: string;
}

/** Pipelines as a client of the control plane has them. */
export interface PipelineClient {
  list(application: string): Promise<readonly PipelineDescription[]>;
  find(application: string, name: string): Promise<PipelineDescription | undefined>;
  register(registration: PipelineRegistration): Promise<PipelineRegistered>;
  remove(application: string, name: string, user: string): Promise<void>;
  run(application: string, name: string, request: ExecutionRequest): Promise<ExecutionView>;
  /** Newest first. */
  executions(application: string, name: string, limit: number): Promise<readonly ExecutionState[]>;
  execution(application: string, name: string, number: number | "latest"): Promise<ExecutionView>;
  follow(application: string, name: string, number: number | "latest", signal: AbortSignal): AsyncIterable<ExecutionStreamEvent>;
  logs(application: string, name: string, query: ExecutionLogQuery, signal: AbortSignal): AsyncIterable<ExecutionLogLine>;
  answer(application: string, name: string, number: number | "latest", answer: ApprovalAnswer): Promise<ExecutionView>;
  stop(application: string, name: string, number: number | "latest", request: StopRequestBody): Promise<ExecutionView>;
  retry(application: string, name: string, number: number | "latest", request: RetryRequestBody): Promise<ExecutionView>;
  diff(application: string, name: string, number: number | "latest"): Promise<readonly PendingChange[]>;
  why(application: string, workload: string): Promise<readonly WorkloadDecision[]>;
  putSecret(application: string, name: string, value: string): Promise<void>;
  gitRemote(application: string): GitRemote;
  /** Makes sure that the engine has what builds run in, and names it by what manifests call it. */
  ensureImages(): Promise<Readonly<Record<string, string>>>;
}

/** Which lines of an execution. */
export interface ExecutionLogQuery {
  readonly number: number | "latest";
  readonly stage?: string;
  readonly action?: string;
  readonly follow: boolean;
}
