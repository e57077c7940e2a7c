import { phaseNames, type Phase } from "../buildspec/buildspec.ts";
import type { BuildJob, BuildResult } from "./build-job.ts";
import { ShellSession, type ShellOptions } from "./shell-session.ts";

/** How the phases of a build went. */
export type PhasesResult =
  | Extract<BuildResult, { kind: "failed" }>
  | { readonly kind: "succeeded"; readonly variables: Readonly<Record<string, string>> };

/** A command that failed. */
interface CommandFailure {
  readonly command: string;
  readonly exitCode: number;
  /** What the phase wrote, for `RETRY-regex`. */
  readonly output: readonly string[];
}

/**
 * Runs the phases as CodeBuild does: a failure in `install` or `pre_build` ends the build, one in `build` lets `post_build` run first,
 * `finally` runs in any case. `signal` ends what is under way.
 */
export async function runPhases(job: BuildJob, tell: (line: string) => void, signal: AbortSignal): Promise<PhasesResult> {
  const shells = new Shells(job, tell, signal);
  try {
    return await runAll(job, shells, tell);
  } finally {
    await shells.close();
  }
}

async function runAll(job: BuildJob, shells: Shells, tell: (line: string) => void): Promise<PhasesResult> {
  let failed: Extract<BuildResult, { kind: "failed" }> | undefined;
  for (const name of phaseNames) {
    const phase = job.buildspec.phases.find((candidate) => candidate.name === name);
    if (phase === undefined || (failed !== undefined && (name !== "post_build" || failed.phase !== "build"))) continue;
    if (failed !== undefined) await shells.of(phase).then((shell) => shell.run("export CODEBUILD_BUILD_SUCCEEDING=0"));
    const failure = await runWithRetries(phase, shells, tell);
    if (failure === undefined) continue;
    const reason = `phase ${name}: \`${shorten(failure.command)}\` exited with ${failure.exitCode}`;
    if (phase.onFailure.kind === "continue") tell(`${reason}; on-failure is CONTINUE`);
    else failed ??= { kind: "failed", phase: name, reason, exitCode: failure.exitCode };
  }
  if (failed !== undefined) return failed;
  const shell = await shells.first();
  return { kind: "succeeded", variables: await shell.readVariables(job.buildspec.exportedVariables) };
}

async function runWithRetries(phase: Phase, shells: Shells, tell: (line: string) => void): Promise<CommandFailure | undefined> {
  const attempts = phase.onFailure.kind === "retry" ? phase.onFailure.attempts + 1 : 1;
  for (let attempt = 1; ; attempt++) {
    const failure = await runPhase(phase, shells, tell);
    if (failure === undefined || attempt >= attempts || phase.onFailure.kind !== "retry") return failure;
    const { matching } = phase.onFailure;
    if (matching !== undefined && !new RegExp(matching).test(failure.output.join("\n"))) return failure;
    tell(`Phase ${phase.name} is tried again (${attempt} of ${attempts - 1})`);
  }
}

async function runPhase(phase: Phase, shells: Shells, tell: (line: string) => void): Promise<CommandFailure | undefined> {
  tell(`Entering phase ${phase.name.toUpperCase()}`);
  const shell = await shells.of(phase);
  const output = shells.record();
  let failure = await runCommands(phase.commands, shell, tell);
  const afterwards = await runCommands(phase.finally, shell, tell);
  failure ??= afterwards;
  return failure === undefined ? undefined : { ...failure, output: output() };
}

async function runCommands(
  commands: readonly string[],
  shell: ShellSession,
  tell: (line: string) => void,
): Promise<Omit<CommandFailure, "output"> | undefined> {
  for (const command of commands) {
    tell(`Running command ${command.trimEnd()}`);
    const exitCode = await shell.run(command);
    if (exitCode !== 0) return { command, exitCode };
  }
  return undefined;
}

const shorten = (command: string): string => {
  const line = command.trim().split("\n")[0] ?? "";
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
};

/** The shells of a build: one, and another for each user that a phase runs as. */
class Shells {
  readonly #job: BuildJob;
  readonly #signal: AbortSignal;
  readonly #sessions = new Map<string, ShellSession>();
  readonly #onLine: (line: string) => void;
  #recorded: string[] = [];

  constructor(job: BuildJob, tell: (line: string) => void, signal: AbortSignal) {
    this.#job = job;
    this.#signal = signal;
    this.#onLine = (line) => {
      if (this.#recorded.length < 5_000) this.#recorded.push(line);
      tell(line);
    };
  }

  /** Gives what is written from now on. */
  record(): () => readonly string[] {
    const lines: string[] = [];
    this.#recorded = lines;
    return () => lines;
  }

  first(): Promise<ShellSession> {
    return this.#open(this.#job.buildspec.runAs);
  }

  of(phase: Phase): Promise<ShellSession> {
    return this.#open(phase.runAs ?? this.#job.buildspec.runAs);
  }

  async #open(user: string | undefined): Promise<ShellSession> {
    const known = this.#sessions.get(user ?? "");
    if (known !== undefined) return known;
    const { buildspec, environment, sourceDirectory } = this.#job;
    const options: ShellOptions = {
      environment,
      directory: sourceDirectory,
      onLine: this.#onLine,
      ...(buildspec.shell === undefined ? {} : { shell: buildspec.shell }),
      ...(user === undefined ? {} : { user }),
    };
    const session = await ShellSession.open(options);
    if (this.#signal.aborted) session.stop();
    this.#signal.addEventListener("abort", () => session.stop(), { once: true });
    this.#sessions.set(user ?? "", session);
    return session;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }
}
