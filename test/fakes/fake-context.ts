import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import type { CommandContext } from "../../src/cli/context.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { createNoPrompts } from "../../src/terminal/no-prompts.ts";
import type { Prompts, Question } from "../../src/terminal/prompts.ts";
import { createStyle } from "../../src/terminal/style.ts";
import { checkJsonOutput } from "../fixtures/check-json-output.ts";
import { createFakeTarget, type FakeTargetState } from "./fake-target.ts";

/** How a command ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A person at a terminal who answers questions by their text, or the default; tells which questions came. */
export function createAnswers(answers: readonly (readonly [RegExp, unknown])[]): { readonly prompts: Prompts; readonly asked: string[] } {
  const asked: string[] = [];
  const given = ({ message }: Question): unknown => {
    asked.push(message);
    const found = answers.find(([pattern]) => pattern.test(message));
    if (found === undefined) throw new Error(`Nobody expected the question ${JSON.stringify(message)}.`);
    return found[1];
  };
  const toText = (answer: unknown): string => (typeof answer === "string" ? answer : "");
  const prompts: Prompts = {
    text: async (question) => {
      const answer = toText(given(question) ?? question.default);
      const problem = question.check?.(answer);
      if (problem !== undefined) throw new Error(`${question.message}: ${answer} is refused, ${problem}`);
      return answer;
    },
    secret: async (question) => toText(given(question)),
    confirm: async (question) => (given(question) ?? question.default) === true,
    select: async (question) => {
      const label = given(question);
      const choice = question.choices.find((candidate) => candidate.label === label);
      if (choice === undefined)
        throw new Error(`${question.message} has no choice ${String(label)}: ${question.choices.map((one) => one.label).join(", ")}`);
      return choice.value;
    },
    selectSeveral: async (question) => {
      const labels = given(question);
      return question.choices.filter(({ label }) => Array.isArray(labels) && labels.includes(label)).map(({ value }) => value);
    },
  };
  return { prompts, asked };
}

/** A folder of its own, a target in memory and a terminal that remembers: commands run in this process. */
export class CommandBench {
  readonly folder = mkdtempSync(join(tmpdir(), "copilot-command-"));
  readonly state: FakeTargetState;
  readonly attached: (readonly string[])[] = [];
  readonly context: CommandContext;
  private stdout = "";
  private stderr = "";

  constructor(files: Readonly<Record<string, string>> = {}, changes: Partial<CommandContext> = {}) {
    const { session, state } = createFakeTarget();
    this.state = state;
    this.write(files);
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    const output = (write: (text: string) => void) => ({
      write,
      isTerminal: false,
      columns: () => 80,
      rows: () => 24,
      color: false,
      style: createStyle(false),
    });
    this.context = {
      cwd: this.folder,
      variables: {},
      home: this.folder,
      version: "1.2.3",
      documentation: "file:///README.md",
      commands,
      platform: "linux",
      terminal: { out: output((text) => (this.stdout += text)), err: output((text) => (this.stderr += text)), interactive: false },
      now: () => new Date("2026-01-01T01:00:00Z"),
      files: nodeFiles,
      processes: {
        run: () => Promise.reject(new Error("no program is run here")),
        attach: async (file, args) => {
          this.attached.push([file, ...args]);
          return 0;
        },
      },
      prompts: createNoPrompts(),
      signal: new AbortController().signal,
      openTarget: async () => ({
        session,
        provideImages: async (spec) =>
          Object.fromEntries((spec.task?.containers ?? []).map(({ name }) => [name, `copilot/${spec.application}/${name}:1`])),
      }),
      ...changes,
    };
  }

  /** Writes files below the folder. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Runs a command line and expects this exit code. */
  async run(argv: readonly string[], expected = 0, changes: Partial<CommandContext> = {}): Promise<CommandResult> {
    this.stdout = "";
    this.stderr = "";
    const code = await runCommand(commands, argv, { ...this.context, ...changes });
    const result = { code, stdout: this.stdout, stderr: this.stderr };
    checkJsonOutput(argv, result);
    if (code !== expected) throw new Error(`copilot ${argv.join(" ")} ended with ${code}:\n${this.stdout}\n${this.stderr}`);
    return result;
  }

  /** The application `shop` with the environment `test`, both deployed. */
  async withEnvironment(): Promise<void> {
    await this.run(["app", "init", "shop"]);
    await this.run(["env", "init", "--name", "test"]);
    await this.run(["env", "deploy", "--name", "test"]);
  }
}

/** A manifest of a Load Balanced Web Service. */
export const webManifest = (name: string, more = ""): string => `name: ${name}
type: Load Balanced Web Service
http:
  path: /
image:
  location: example/${name}
  port: 8080
cpu: 256
memory: 512
count: 1
${more}`;

/** A manifest of a Scheduled Job. */
export const jobManifest = (name: string): string => `name: ${name}
type: Scheduled Job
on:
  schedule: "@daily"
image:
  location: example/${name}
cpu: 256
memory: 512
`;
