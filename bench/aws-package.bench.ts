import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeBenchWorkspace } from "./bench-workspace.ts";
import type { Figure } from "./figures.ts";
import { bundle, copilot, timeNode, timeTurnAbout } from "./processes.ts";

/** Starts a program that prints an address and goes on. */
function startAnswers(program: string, workspace: string): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const started = spawn(process.execPath, [program, workspace], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    started.on("error", reject);
    started.on("close", (code) => reject(new Error(`the answers ended with ${code}`)));
    started.stdout.once("data", (text: Buffer) => resolve({ url: text.toString("utf8").trim(), process: started }));
  });
}

const variables = (url: string): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: tmpdir(),
  AWS_ENDPOINT_URL: url,
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "AKIABENCH",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});

/** What packaging from a live application costs against answers that come at once: the whole command, and many packages by one session. */
export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "copilot-bench-aws-"));
  const [workspace, environments] = [join(folder, "workspace"), ["test", "staging", "prod"]];
  const services = writeBenchWorkspace(workspace, 50, environments);
  const answers = await startAnswers(bundle("aws-answers", folder), workspace);
  try {
    const env = variables(answers.url);
    const one = ["svc", "package", "--name", "service-0", "--env", "test"];
    const [bare = Number.NaN, single = Number.NaN] = timeTurnAbout(15, [
      () => timeNode(["-e", "0"]),
      () => timeNode([copilot, ...one], { cwd: workspace, env }),
    ]);
    const many = [bundle("package-live", folder), workspace, join(dirname(copilot), "custom-resources"), ...services];
    const [all = Number.NaN] = timeTurnAbout(3, [() => timeNode(many, { env })]);
    return [
      { name: "aws-package-one-service-over-bare-node", value: single - bare, unit: "ms", bar: 150 },
      { name: "aws-package-50-services-in-3-environments", value: all / 1000, unit: "s", bar: 5 },
      { name: "aws-package-50-services-in-3-environments-memory", value: memoryOf(many, env), unit: "MiB", bar: 300 },
    ];
  } finally {
    answers.process.removeAllListeners("close");
    answers.process.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryOf(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  const { files, memory }: { files: number; memory: number } = JSON.parse(stdout);
  // A template and its parameters, for each service in each environment.
  if (files !== 300) throw new Error(`only ${files} files were packaged`);
  return memory;
}
