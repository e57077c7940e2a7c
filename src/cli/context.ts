import type { ProvideImages } from "../operations/operation-context.ts";
import type { CommandTree } from "./define.ts";
import type { Files } from "../platform/files.ts";
import type { Processes } from "../platform/processes.ts";
import type { TargetSession } from "../targets/target.ts";
import type { TargetName } from "../model/names.ts";
import type { Prompts } from "../terminal/prompts.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Notice, StepProgress } from "../model/deployment.ts";

/** A session with a target, and how images get to where it takes them from. */
export interface TargetConnection {
  readonly session: TargetSession;
  readonly provideImages: ProvideImages;
}

/** Everything that a command may touch. Tests make one of fakes; `createContext` makes the real one. */
export interface CommandContext {
  /** Absolute path. */
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  readonly version: string;
  /** Address of the first page of the documentation. */
  readonly documentation: string;
  /** Every command, for what is made of their definitions. */
  readonly commands: CommandTree;
  readonly platform: NodeJS.Platform;
  readonly terminal: Terminal;
  readonly now: () => Date;
  readonly files: Files;
  readonly processes: Processes;
  readonly prompts: Prompts;
  /** Aborted by Ctrl-C: what was begun is undone, and the command ends with 130. */
  readonly signal: AbortSignal;
  /** Connects to where environments run; what the connection itself has to do is told to `report`. */
  readonly openTarget: (target: TargetName, report: (event: StepProgress | Notice) => void) => Promise<TargetConnection>;
}
