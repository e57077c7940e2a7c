import { writeSync } from "node:fs";
import { homedir } from "node:os";
import type { WriteStream } from "node:tty";
import { nodeFiles } from "../platform/files.ts";
import { nodeProcesses } from "../platform/processes.ts";
import { createNoPrompts } from "../terminal/no-prompts.ts";
import type { Prompts } from "../terminal/prompts.ts";
import { createStyle, wantsColor } from "../terminal/style.ts";
import type { Output } from "../terminal/terminal.ts";
import type { CommandContext } from "./context.ts";
import { openTarget, type Machine } from "./open-target.ts";

/** The context of this process. */
export function createContext(
  process: NodeJS.Process,
  program: Pick<Machine, "version" | "programFile"> & Pick<CommandContext, "documentation" | "commands">,
): CommandContext {
  const abort = new AbortController();
  let interrupts = 0;
  process.on("SIGINT", () => {
    interrupts += 1;
    // The second one ends the process at once, as a person expects who does not want to wait.
    if (interrupts > 1) process.exit(130);
    abort.abort(new Error("interrupted"));
  });
  process.stdout.on("error", (error) => endOutput(error, process));
  process.stderr.on("error", (error) => endOutput(error, process));
  const machine = { variables: process.env, home: homedir(), signal: abort.signal, ...program } satisfies Machine & typeof program;
  const interactive = process.stdin.isTTY && process.stderr.isTTY && process.env["CI"] !== "true";
  return {
    cwd: process.cwd(),
    variables: process.env,
    home: machine.home,
    version: machine.version,
    documentation: machine.documentation,
    commands: machine.commands,
    platform: process.platform,
    terminal: { out: toOutput(process.stdout, process.env), err: toOutput(process.stderr, process.env), interactive },
    now: () => new Date(),
    files: nodeFiles,
    processes: nodeProcesses,
    prompts: interactive ? lazyPrompts(process, abort.signal) : createNoPrompts(),
    signal: abort.signal,
    openTarget: (target, report) => openTarget(target, machine, report),
  };
}

/** A reader that goes away, as `head` does, is no failure; anything else is, and there may be nowhere left to tell it in full. */
function endOutput(error: NodeJS.ErrnoException, process: NodeJS.Process): void {
  if (error.code === "EPIPE") process.exit(0);
  try {
    writeSync(2, `✘ write the output: ${error.message}\n`);
  } catch {
    // Standard error is what failed.
  }
  process.exit(1);
}

function toOutput(stream: WriteStream & { readonly fd: 1 | 2 }, variables: NodeJS.ProcessEnv): Output {
  const isTerminal = stream.isTTY;
  const color = wantsColor(variables, isTerminal);
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    columns: () => stream.columns ?? 80,
    rows: () => stream.rows ?? 24,
    color,
    style: createStyle(color),
  };
}

/** Loads the library at the first question. */
function lazyPrompts(process: NodeJS.Process, signal: AbortSignal): Prompts {
  let loaded: Promise<Prompts> | undefined;
  const load = (): Promise<Prompts> => {
    loaded ??= import("../terminal/clack-prompts.ts").then(({ createClackPrompts }) =>
      createClackPrompts({ input: process.stdin, output: process.stderr, signal }),
    );
    return loaded;
  };
  return {
    text: async (question) => (await load()).text(question),
    secret: async (question) => (await load()).secret(question),
    confirm: async (question) => (await load()).confirm(question),
    select: async (question) => (await load()).select(question),
    selectSeveral: async (question) => (await load()).selectSeveral(question),
  };
}
