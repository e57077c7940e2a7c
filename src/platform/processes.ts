import { spawn } from "node:child_process";
import { Problem } from "../model/problem.ts";

/** What a program left behind. */
export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Other programs, always with their arguments as a list: no shell reads them. */
export interface Processes {
  /** Runs to the end and collects. A program that is not there is a Problem `program-missing`. */
  readonly run: (
    file: string,
    args: readonly string[],
    options?: {
      readonly cwd?: string;
      readonly signal?: AbortSignal;
      /** Variables besides those of this process. */
      readonly variables?: Readonly<Record<string, string>>;
    },
  ) => Promise<ProcessResult>;
  /** Runs on the person's own terminal; resolves with the exit code. */
  readonly attach: (file: string, args: readonly string[]) => Promise<number>;
}

const missing = (file: string, cause: unknown): Problem =>
  new Problem("program-missing", `run ${file}: it is not installed or not in PATH`, { cause, hint: `install ${file}` });

const isMissing = (error: Error): boolean => "code" in error && error.code === "ENOENT";

/** Programs of this machine. */
export const nodeProcesses: Processes = {
  run: (file, args, { variables, ...options } = {}) =>
    new Promise((resolve, reject) => {
      const env = variables === undefined ? process.env : { ...process.env, ...variables };
      const child = spawn(file, [...args], { ...options, env, stdio: ["ignore", "pipe", "pipe"] });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      child.on("error", (error) => reject(isMissing(error) ? missing(file, error) : error));
      child.on("close", (code) =>
        resolve({ exitCode: code ?? 1, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") }),
      );
    }),
  attach: (file, args) =>
    new Promise((resolve, reject) => {
      const child = spawn(file, [...args], { stdio: "inherit" });
      child.on("error", (error) => reject(isMissing(error) ? missing(file, error) : error));
      child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    }),
};
