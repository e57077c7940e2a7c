import { Problem } from "../model/problem.ts";
import type { Files } from "../platform/files.ts";
import type { Processes } from "../platform/processes.ts";
import type { CdkMachine } from "./cdk-project.ts";

/** This machine, for running CDK projects. What a program that failed wrote on standard error goes to `show`. */
export function createCdkMachine(
  { run }: Pick<Processes, "run">,
  files: Pick<Files, "exists" | "write">,
  show: (text: string) => void,
): CdkMachine {
  return {
    run: async (program, arguments_, { directory, environment }) => {
      const { exitCode, stdout, stderr } = await run(program, arguments_, { cwd: directory, variables: environment });
      if (exitCode !== 0 && stderr.trim() !== "") show(stderr.trimEnd());
      return { exitCode, stdout };
    },
    hasProgram: async (name) => {
      try {
        return (await run(name, ["--version"])).exitCode === 0;
      } catch (error) {
        if (error instanceof Problem && error.code === "program-missing") return false;
        throw error;
      }
    },
    exists: files.exists,
    write: files.write,
  };
}
