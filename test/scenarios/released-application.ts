import { execFileSync } from "node:child_process";
import { inject } from "vitest";
import type { ExecutionState } from "../../src/pipelines/execution/state.ts";
import { Application, eventually } from "./application.ts";

/** What a test's git writes as its author. */
const author = {
  GIT_AUTHOR_NAME: "ann",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_COMMITTER_NAME: "ann",
  GIT_COMMITTER_EMAIL: "ann@example.com",
};

/** An application whose folder is a git repository which a pipeline follows. */
export class ReleasedApplication extends Application {
  readonly pipeline = "release";

  git(...parameters: readonly string[]): string {
    const env = { ...process.env, ...inject("environment"), ...author, GIT_TERMINAL_PROMPT: "0" };
    return execFileSync("git", parameters, { cwd: this.folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  }

  /** Writes files and commits everything. */
  commit(message: string, files: Readonly<Record<string, string>> = {}): string {
    this.write(files);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Makes the application, its environments and the pipeline with these stages, its repository the one that the control plane serves. */
  async withPipeline(stages: string, environments: readonly string[] = ["test"]): Promise<void> {
    await this.withManifest(
      `name: ${this.pipeline}
version: 1
source:
  provider: Git
  properties: { branch: main, repository: copilot }
stages:
${stages}`,
      environments,
    );
  }

  /** As {@link withPipeline}, with the whole manifest given. Its pipeline is called `release`. */
  async withManifest(manifest: string, environments: readonly string[]): Promise<void> {
    this.git("init", "--quiet", "--initial-branch=main", ".");
    await this.copilot(["app", "init", this.name, "--target", "docker"]);
    for (const environment of environments) await this.copilot(["env", "init", "--name", environment, "--default-config"]);
    await this.copilot(["pipeline", "init", "--name", this.pipeline, "--environments", environments.join(",")]);
    this.commit("Begin", { [`copilot/pipelines/${this.pipeline}/manifest.yml`]: manifest });
    await this.copilot(["pipeline", "deploy", "--name", this.pipeline]);
  }

  push(): void {
    this.git("push", "--quiet", "copilot", "main");
  }

  async execution(number: number): Promise<ExecutionState> {
    const { executions } = await this.json<{ executions: readonly ExecutionState[] | null }>([
      "pipeline",
      "history",
      "--name",
      this.pipeline,
    ]);
    const found = executions?.find((candidate) => candidate.number === number);
    if (found === undefined) throw new Error(`there is no execution ${number}`);
    return found;
  }

  /** The state of an execution once it has come to what is wanted. */
  until(number: number, passes: (state: ExecutionState) => boolean): Promise<ExecutionState> {
    return eventually(() => this.execution(number), passes, 300);
  }

  /** Pushes and gives the state in which the execution ends. */
  async release(number = 1): Promise<ExecutionState> {
    this.push();
    return this.until(number, hasEnded);
  }

  logs(...more: readonly string[]): Promise<string> {
    return this.copilot(["pipeline", "logs", "--name", this.pipeline, ...more]).then(({ stdout }) => stdout);
  }
}

/** Whether an execution has ended. */
export const hasEnded = ({ status }: ExecutionState): boolean => status !== "in-progress";

/** Whether an execution waits for an approval. */
export const waitsForApproval = (state: ExecutionState): boolean =>
  state.stages.some(({ actions }) =>
    actions.some(({ name, status }) => name.startsWith("ApprovePromotionTo-") && status === "in-progress"),
  );

/** How an action is: its status and why. */
export function actionOf(
  state: ExecutionState,
  name: string,
): { readonly status: string; readonly reason?: string; readonly summary?: string } {
  const action = state.stages.flatMap(({ actions }) => actions).find((candidate) => candidate.name === name);
  if (action === undefined) throw new Error(`there is no action ${name}`);
  return {
    status: action.status,
    ...(action.failure === undefined ? {} : { reason: action.failure.reason }),
    ...(action.output === undefined ? {} : { summary: action.output.summary }),
  };
}
