import { spawn } from "node:child_process";

/**
 * Runs a program and answers its exit code and output. Output goes to this process's stderr as it comes, unless `quiet`.
 * @param {string} program @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, stdout?: "inherit" | "stderr", output?: "all" | "stdout" }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, args, { cwd, env = process.env, quiet = false, stdout = "stderr", output: kept = "all" } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", !quiet && stdout === "inherit" ? "inherit" : "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        if (kept === "all" || stream === child.stdout) output += chunk;
        if (!quiet) process.stderr.write(chunk);
      });
    }
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code, signal) => resolve({ code: code ?? (signal ? 130 : 1), output }));
  });
}

/** As {@link run}, quiet; throws with the last lines when the program fails. */
export async function mustRun(program, args, options = {}) {
  const { code, output } = await run(program, args, { quiet: true, ...options });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${output.trim().split("\n").slice(-20).join("\n")}`);
  return output;
}

/** Whether a program of this name is in PATH. */
export const hasProgram = async (name) => (await run("sh", ["-c", 'command -v "$1" >/dev/null', "sh", name], { quiet: true })).code === 0;
