import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import type { Trigger } from "../../pipelines/execution/event.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import type {
  ExecutionRequest,
  ExecutionView,
  PipelineDescription,
  PipelineRegistered,
  PipelineRegistration,
} from "../../pipelines/pipeline-api.ts";
import { executionId, type ExecutionStore, type PipelineDefinition, type PipelineKey } from "./execution-store.ts";
import { UpdateBus } from "./follow.ts";
import type { Git } from "./git/git.ts";
import { Repository } from "./git/repository.ts";
import type { Performer } from "./performer.ts";
import { defaultPruneLimits, prunePipeline } from "./prune.ts";
import { Runner } from "./runner.ts";
import { sendStatus, toStatusCall } from "./sources/commit-status.ts";
import { servedRepository, sourceUrl, tokenNames, withAccess } from "./sources/source-access.ts";

/** What pipelines work with. */
export interface PipelinesParts {
  readonly store: ExecutionStore;
  readonly git: Git;
  readonly performer: Performer;
  readonly now: () => Date;
  readonly warn: (message: string) => void;
  readonly concurrency: number;
  /** Milliseconds between two looks at a source that tells nothing by itself. */
  readonly pollInterval: number;
  /** A token or key of the application by its name. */
  readonly secret: (application: string, names: readonly string[]) => Promise<string | undefined>;
  readonly fetch: typeof globalThis.fetch;
}

/** The pipelines of a control plane: their definitions, sources and executions. */
export class Pipelines {
  readonly bus = new UpdateBus();
  readonly runner: Runner;
  readonly #parts: PipelinesParts;
  readonly #sourceProblems = new Map<string, string>();
  readonly #checking = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: PipelinesParts) {
    this.#parts = parts;
    this.runner = new Runner({
      store: parts.store,
      performer: parts.performer,
      now: parts.now,
      concurrency: parts.concurrency,
      onUpdate: (update) => {
        this.bus.tell(update);
        if (update.type === "state") void this.#report(update.state);
      },
      onProblem: parts.warn,
    });
  }

  /** Goes on with what was under way, and with watching sources. */
  async start(): Promise<void> {
    await this.runner.start();
    await this.checkSources();
    this.#timer = setInterval(() => void this.checkSources(), this.#parts.pollInterval);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#checking.values());
    await this.runner.close();
  }

  /** The repository that an application pushes to. */
  repository(application: string): Repository {
    return new Repository(this.#parts.git, this.#parts.store.repositoryFolder(application));
  }

  /** Registers a pipeline or its new version. A new one runs at once when its source has a commit. */
  async register({ pipeline, manifest, user, images }: PipelineRegistration): Promise<PipelineRegistered> {
    const key = keyOf(pipeline);
    const before = await this.#parts.store.definition(key);
    const at = this.#parts.now().toISOString();
    const definition: PipelineDefinition = { pipeline, manifest, user, images, createdAt: before?.createdAt ?? at, updatedAt: at };
    if (before !== undefined && sameDefinition(before, definition)) return { kind: "unchanged" };
    await this.repository(pipeline.application).ensure();
    await this.#parts.store.putDefinition(definition);
    if (before !== undefined) return { kind: "updated" };
    const head = await this.#head(pipeline);
    if (head.kind === "failed") return { kind: "created", problem: head.reason };
    return { kind: "created", execution: this.view(await this.#begin(pipeline, { kind: "deploy", user, commit: head.commit })) };
  }

  async describe(key: PipelineKey): Promise<PipelineDescription | undefined> {
    const definition = await this.#parts.store.definition(key);
    if (definition === undefined) return undefined;
    const { pipeline, manifest, createdAt, updatedAt, user } = definition;
    const number = (await this.#parts.store.executionNumbers(key)).at(-1);
    const latest = number === undefined ? undefined : await this.execution(key, number);
    const sourceProblem = this.#sourceProblems.get(nameOf(key));
    return {
      pipeline,
      manifest,
      createdAt,
      updatedAt,
      user,
      ...(latest === undefined ? {} : { latest: this.view(latest) }),
      ...(sourceProblem === undefined ? {} : { sourceProblem }),
    };
  }

  async list(application: string): Promise<readonly PipelineDescription[]> {
    const definitions = (await this.#parts.store.definitions()).filter(({ pipeline }) => pipeline.application === application);
    const described = await Promise.all(definitions.map(({ pipeline }) => this.describe(keyOf(pipeline))));
    return described.filter((description) => description !== undefined);
  }

  /** Stops what runs of a pipeline, then forgets it. Its repository stays: others may follow it. */
  async remove(key: PipelineKey, user: string): Promise<void> {
    for (const state of this.runner.states())
      if (state.pipeline.application === key.application && state.pipeline.name === key.name)
        await this.runner.stop(state.id, user, "the pipeline is deleted");
    while (this.runner.states().some((state) => state.id.startsWith(`${nameOf(key)}/`))) await this.runner.idle();
    await this.#parts.store.deletePipeline(key);
  }

  /** Forgets every pipeline of an application, and its repository. */
  async removeApplication(application: string, user: string): Promise<void> {
    for (const { pipeline } of await this.list(application)) await this.remove(keyOf(pipeline), user);
    await this.#parts.store.deleteApplication(application);
  }

  /** Starts an execution of a commit, of a branch, or of what the source has now. */
  async run(key: PipelineKey, request: ExecutionRequest): Promise<ExecutionState> {
    const definition = await this.#known(key);
    const { pipeline } = definition;
    if (request.revision === undefined) {
      const head = await this.#head(pipeline);
      if (head.kind === "failed") throw unreachable(pipeline, head.reason);
      return this.#begin(pipeline, { kind: "manual", user: request.user, commit: head.commit });
    }
    const commit = await this.repository(key.application).resolve(request.revision);
    if (commit === undefined) {
      throw new Problem("commit-missing", `The pipeline cannot run: its repository has no ${request.revision}`, {
        hint: "git push copilot HEAD",
      });
    }
    return this.#begin(pipeline, { kind: "manual", user: request.user, commit });
  }

  /** The state of an execution, running or not. */
  async execution(key: PipelineKey, number: number): Promise<ExecutionState | undefined> {
    const id = executionId(key, number);
    return this.runner.states().find((state) => state.id === id) ?? this.#parts.store.readExecution(key, number);
  }

  /** Newest first. */
  async executions(key: PipelineKey, limit: number): Promise<readonly ExecutionState[]> {
    const numbers = (await this.#parts.store.executionNumbers(key)).toReversed().slice(0, limit);
    const states = await Promise.all(numbers.map((number) => this.execution(key, number)));
    return states.filter((state) => state !== undefined);
  }

  async latestNumber(key: PipelineKey): Promise<number | undefined> {
    return (await this.#parts.store.executionNumbers(key)).at(-1);
  }

  view(state: ExecutionState): ExecutionView {
    return { state, waits: this.runner.waits().filter(({ execution }) => execution === state.id) };
  }

  /** Looks at the sources of all pipelines, or at those of one application, and starts what has a new commit. */
  async checkSources(application?: string): Promise<void> {
    const definitions = await this.#parts.store.definitions();
    const wanted = definitions.filter(({ pipeline }) => application === undefined || pipeline.application === application);
    await Promise.all(wanted.map(({ pipeline }) => this.checkSource(pipeline)));
  }

  /** Looks at one source; calls at the same time follow each other. */
  checkSource(
    pipeline: Pipeline,
    kind: "push" | "poll" | "webhook" = pipeline.source.repository === servedRepository ? "push" : "poll",
  ): Promise<void> {
    const name = nameOf(keyOf(pipeline));
    const check = (this.#checking.get(name) ?? Promise.resolve())
      .then(() => this.#follow(pipeline, kind))
      .catch((error: unknown) =>
        this.#parts.warn(`The source of ${name} could not be checked: ${error instanceof Error ? error.message : String(error)}`),
      );
    this.#checking.set(name, check);
    void check.finally(() => {
      if (this.#checking.get(name) === check) this.#checking.delete(name);
    });
    return check;
  }

  async #follow(pipeline: Pipeline, kind: Trigger["kind"]): Promise<void> {
    const head = await this.#head(pipeline);
    if (head.kind === "failed") return;
    const seenFile = join(this.#parts.store.pipelineFolder(keyOf(pipeline)), "seen");
    const seen = await readFile(seenFile, "utf8").catch(() => "");
    if (seen === head.commit) return;
    const repository = this.repository(pipeline.application);
    const { author } = await repository.commit(head.commit);
    // A crash between the start and the mark must not release the commit twice.
    const latest = (await this.executions(keyOf(pipeline), 1))[0];
    if (latest?.trigger.commit !== head.commit) await this.#begin(pipeline, { kind, user: author || "unknown", commit: head.commit });
    else await this.#markSeen(pipeline, head.commit);
  }

  /** The commit that the tracked branch has now, brought into the application's repository. */
  async #head(
    pipeline: Pipeline,
  ): Promise<{ readonly kind: "fetched"; readonly commit: string } | { readonly kind: "failed"; readonly reason: string }> {
    const { source } = pipeline;
    const name = nameOf(keyOf(pipeline));
    const repository = this.repository(pipeline.application);
    if (source.repository === servedRepository) {
      const commit = await repository.resolve(`refs/heads/${source.branch}`);
      return commit === undefined
        ? { kind: "failed", reason: `nothing has been pushed to branch ${source.branch} yet` }
        : { kind: "fetched", commit };
    }
    const secret = await this.#parts.secret(pipeline.application, tokenNames(source, pipeline.application, pipeline.name));
    const url = sourceUrl(source);
    const result = await withAccess(source, secret, async (call) => {
      const remote = await repository.remoteHead(url, source.branch, call);
      if (remote.kind === "failed" || (await repository.resolve(remote.commit)) !== undefined) return remote;
      return repository.fetch(url, source.branch, call);
    });
    if (result.kind === "failed") this.#sourceProblems.set(name, `${url}: ${result.reason}`);
    else this.#sourceProblems.delete(name);
    return result;
  }

  async #begin(pipeline: Pipeline, trigger: Pick<Trigger, "kind" | "user" | "commit">): Promise<ExecutionState> {
    const { message } = await this.repository(pipeline.application).commit(trigger.commit);
    const state = await this.runner.begin(pipeline, { ...trigger, branch: pipeline.source.branch, message });
    if (trigger.kind !== "manual") await this.#markSeen(pipeline, trigger.commit);
    return state;
  }

  async #markSeen(pipeline: Pipeline, commit: string): Promise<void> {
    await writeWhole(join(this.#parts.store.pipelineFolder(keyOf(pipeline)), "seen"), commit);
  }

  async #known(key: PipelineKey): Promise<PipelineDefinition> {
    const definition = await this.#parts.store.definition(key);
    if (definition !== undefined) return definition;
    throw new Problem("pipeline-not-found", `Application ${key.application} has no pipeline ${key.name} on this engine`, {
      hint: `copilot pipeline deploy --name ${key.name}`,
    });
  }

  /** Tells the source's host, and clears old files away once an execution has ended. */
  async #report(state: ExecutionState): Promise<void> {
    const { application, name, source } = state.pipeline;
    const isFirst = state.updatedAt === state.startedAt;
    if (!isFirst && state.status === "in-progress") return;
    try {
      const token = await this.#parts.secret(application, tokenNames(source, application, name));
      const call = token === undefined ? undefined : toStatusCall(state, token);
      if (call !== undefined) await sendStatus(call, this.#parts.fetch, this.#parts.warn);
      if (!isFirst) await prunePipeline(this.#parts.store, { application, name }, this.#parts.now().getTime(), defaultPruneLimits);
    } catch (error) {
      this.#parts.warn(`After execution ${state.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A pipeline by its names. */
export const keyOf = ({ application, name }: Pipeline): PipelineKey => ({ application, name });

const nameOf = (key: PipelineKey): string => `${key.application}/${key.name}`;

const sameDefinition = (a: PipelineDefinition, b: PipelineDefinition): boolean =>
  JSON.stringify([a.pipeline, a.manifest, a.images]) === JSON.stringify([b.pipeline, b.manifest, b.images]);

const unreachable = (pipeline: Pipeline, reason: string): Problem =>
  new Problem("source-unreachable", `Pipeline ${pipeline.name} cannot read its source ${pipeline.source.repository}: ${reason}`, {
    hint: pipeline.source.repository === servedRepository ? `git push copilot HEAD:${pipeline.source.branch}` : "copilot pipeline run",
  });
