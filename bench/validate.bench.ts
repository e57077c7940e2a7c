import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { median, type Figure } from "./figures.ts";
import { copilot } from "./processes.ts";

const environments = ["test", "staging", "canary", "prod"];

/** A manifest of the usual length, with overrides for every environment. */
const manifest = (name: string): string => `name: ${name}
type: Load Balanced Web Service

# Requests whose path starts with this one reach the service.
http:
  path: /${name}
  healthcheck:
    path: /health
    interval: 10s
image:
  build:
    dockerfile: ./${name}/Dockerfile
    context: .
  port: 8080

cpu: 256
memory: 512
count:
  range: 1-10
  cpu_percentage: 70
exec: true
network:
  connect: true
variables:
  LOG_LEVEL: info
  STAGE: \${COPILOT_ENVIRONMENT_NAME}
  RATIO: 1.0
secrets:
  TOKEN: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/token
storage:
  volumes:
    data:
      path: /data
      efs: true
sidecars:
  nginx:
    image: nginx
    port: 80
    variables:
      NGINX_PORT: 80
environments:
${environments.map((environment) => `  ${environment}:\n    count:\n      range: 2-20\n    variables:\n      LOG_LEVEL: warn`).join("\n")}
`;

/** `copilot validate` of 100 workloads in 4 environments: the processor time over a bare Node.js, and the most memory. */
export async function run(): Promise<readonly Figure[]> {
  const root = mkdtempSync(join(tmpdir(), "copilot-validate-"));
  try {
    for (let number = 0; number < 100; number += 1) write(join(root, "copilot", `service-${number}`), manifest(`service-${number}`));
    for (const name of environments) write(join(root, "copilot/environments", name), `name: ${name}\ntype: Environment\n`);
    writeFileSync(join(root, "copilot/.workspace"), "application: bench\n");
    const rounds = [1, 2, 3, 4, 5].map(() => ({ bare: measure(root, ["-e", "0"]), validate: measure(root, [copilot, "validate"]) }));
    return [
      {
        name: "validate-100x4-over-bare-node",
        value: median(rounds.map(({ bare, validate }) => validate.seconds - bare.seconds)),
        unit: "s",
        bar: 1,
      },
      { name: "validate-100x4-memory", value: median(rounds.map(({ validate }) => validate.memory)), unit: "MiB", bar: 200 },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function write(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "manifest.yml"), text);
}

/** What a process tells of itself at its end. Its processor time stands for the time it takes: a machine that others use stretches the latter. */
const report = `process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write(\`used \${userCPUTime + systemCPUTime} \${maxRSS}\\n\`);
})`;

/** Seconds of the processor and peak resident memory in MiB of one run. */
function measure(cwd: string, args: readonly string[]): { readonly seconds: number; readonly memory: number } {
  const { stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(report)}`, ...args], {
    cwd,
    encoding: "utf8",
  });
  const [, microseconds, kibibytes] = /^used (\d+) (\d+)$/m.exec(stderr) ?? [];
  return { seconds: Number(microseconds) / 1e6, memory: Number(kibibytes) / 1024 };
}
