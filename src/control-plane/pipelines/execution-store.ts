import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Pipeline } from "../../model/pipeline.ts";
import { isExecutionEvent } from "../../pipelines/execution/read-event.ts";
import { reduceExecution, type ExecutionState } from "../../pipelines/execution/state.ts";
import type { ExecutionEvent } from "../../pipelines/execution/event.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import { Journal } from "../journal/journal.ts";

/** A pipeline as it was deployed to the control plane. */
export interface PipelineDefinition {
  readonly pipeline: Pipeline;
  /** The manifest as it was written. */
  readonly manifest: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly user: string;
  /** Image of the engine by the name that a manifest has for it, e.g. `aws/codebuild/…`; `default` stands in for every other of CodeBuild. */
  readonly images: Readonly<Record<string, string>>;
}

/** A pipeline by names. */
export interface PipelineKey {
  readonly application: string;
  readonly name: string;
}

/** An execution with its journal open for more. */
export interface OpenExecution {
  readonly journal: Journal;
  readonly state: ExecutionState | undefined;
}

/** Name of an execution everywhere. */
export const executionId = (key: PipelineKey, number: number): string => `${key.application}/${key.name}/${number}`;

/** Pipelines and executions as files below one folder: `<application>/<pipeline>/{definition.json,executions/<number>/…}`. */
export class ExecutionStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  pipelineFolder(key: PipelineKey): string {
    return join(this.#root, key.application, "pipelines", key.name);
  }

  /** The repository that the control plane serves for an application. */
  repositoryFolder(application: string): string {
    return join(this.#root, application, "repository.git");
  }

  executionFolder(key: PipelineKey, number: number): string {
    return join(this.pipelineFolder(key), "executions", String(number));
  }

  async definitions(): Promise<readonly PipelineDefinition[]> {
    const keys: PipelineKey[] = [];
    for (const application of await list(this.#root))
      for (const name of await list(join(this.#root, application, "pipelines"))) keys.push({ application, name });
    const found = await Promise.all(keys.map((key) => this.definition(key)));
    return found.filter((definition) => definition !== undefined);
  }

  async definition(key: PipelineKey): Promise<PipelineDefinition | undefined> {
    const text = await readFile(join(this.pipelineFolder(key), "definition.json"), "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const value: unknown = JSON.parse(text);
    return isDefinition(value) ? value : undefined;
  }

  async putDefinition(definition: PipelineDefinition): Promise<void> {
    const folder = this.pipelineFolder({ application: definition.pipeline.application, name: definition.pipeline.name });
    await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, "definition.json"), JSON.stringify(definition), { isPrivate: true });
  }

  async deletePipeline(key: PipelineKey): Promise<void> {
    await rm(this.pipelineFolder(key), { recursive: true, force: true });
  }

  /** Removes everything of an application, its repository too. */
  async deleteApplication(application: string): Promise<void> {
    await rm(join(this.#root, application), { recursive: true, force: true });
  }

  /** Numbers of the pipeline's executions, oldest first. */
  async executionNumbers(key: PipelineKey): Promise<readonly number[]> {
    const names = await list(join(this.pipelineFolder(key), "executions"));
    return names
      .map(Number)
      .filter(Number.isInteger)
      .toSorted((a, b) => a - b);
  }

  async openExecution(key: PipelineKey, number: number): Promise<OpenExecution> {
    const folder = this.executionFolder(key, number);
    await mkdir(folder, { recursive: true });
    const { journal, contents } = await Journal.open(join(folder, "journal.jsonl"));
    return { journal, state: fold(contents.events) };
  }

  /** An execution that nobody will write to any more. */
  async readExecution(key: PipelineKey, number: number): Promise<ExecutionState | undefined> {
    const text = await readFile(join(this.executionFolder(key, number), "journal.jsonl"), "utf8").catch(() => "");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return fold(
      whole
        .split("\n")
        .filter((line) => line !== "")
        .map((line): unknown => JSON.parse(line)),
    );
  }

  /** Removes the files of an execution which has ended, its journal too. */
  async deleteExecution(key: PipelineKey, number: number): Promise<void> {
    await rm(this.executionFolder(key, number), { recursive: true, force: true });
  }
}

/** Where an execution keeps what an action made. */
export const artifactFile = (folder: string, name: string): string => join(folder, "artifacts", `${encodeURIComponent(name)}.tar`);

/** Where an execution keeps what an action wrote. */
export const logFile = (folder: string, stage: string, action: string): string =>
  join(folder, "logs", `${encodeURIComponent(stage)}.${encodeURIComponent(action)}.log`);

function fold(lines: readonly unknown[]): ExecutionState | undefined {
  const events: ExecutionEvent[] = lines.filter(isExecutionEvent);
  return events.reduce<ExecutionState | undefined>(reduceExecution, undefined);
}

const isDefinition = (value: unknown): value is PipelineDefinition =>
  typeof value === "object" && value !== null && "pipeline" in value && "images" in value;

const list = async (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
