import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { median, type Figure } from "./figures.ts";
import { copilot, timeNode, timeTurnAbout } from "./processes.ts";

const environments = ["test", "staging", "canary", "prod"];

/** A manifest of the usual length, with overrides for every environment. */
const manifest = (name: string): string => `name: ${name}
type: Load Balanced Web Service

# Requests whose path starts with this one reach the service.
http:
  path: /${name}
  healthcheck: { path: /health, interval: 10s, success_codes: "200-299" }
image:
  build: { dockerfile: ./${name}/Dockerfile, context: ., args: { COMMIT: abc } }
  port: 8080
cpu: 256
memory: 512
count: { range: 1-10, cpu_percentage: 70 }
exec: true
network: { connect: true }
variables: { LOG_LEVEL: info, STAGE: "\${COPILOT_ENVIRONMENT_NAME}", RATIO: 1.0 }
secrets: { TOKEN: "/copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/token" }
storage: { volumes: { data: { path: /data, efs: true, read_only: false } } }
sidecars:
  nginx: { image: nginx, port: 80, variables: { NGINX_PORT: 80 }, healthcheck: { command: [CMD, "true"] } }
environments:
${environments.map((environment) => `  ${environment}: { count: { range: 2-20 }, variables: { LOG_LEVEL: warn }, http: { alias: ${name}.${environment}.example.com } }`).join("\n")}
`;

/** `copilot validate` of 100 workloads in 4 environments: the time over a bare Node.js, and the most memory. */
export async function run(): Promise<readonly Figure[]> {
  const root = mkdtempSync(join(tmpdir(), "copilot-validate-"));
  try {
    for (let number = 0; number < 100; number += 1) write(join(root, "copilot", `service-${number}`), manifest(`service-${number}`));
    for (const name of environments) write(join(root, "copilot/environments", name), `name: ${name}\ntype: Environment\n`);
    writeFileSync(join(root, "copilot/.workspace"), "application: bench\n");
    const [bare = Number.NaN, validate = Number.NaN] = timeTurnAbout(5, [
      () => timeNode(["-e", "0"]),
      () => timeNode([copilot, "validate"], { cwd: root }),
    ]);
    return [
      { name: "validate-100x4-over-bare-node", value: (validate - bare) / 1000, unit: "s", bar: 1 },
      { name: "validate-100x4-memory", value: median([1, 2, 3].map(() => peakMemory(root))), unit: "MiB", bar: 200 },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function write(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "manifest.yml"), text);
}

/** Peak resident memory of one run in MiB, as the process itself sees it at its end. */
function peakMemory(cwd: string): number {
  const report = "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\\n`))";
  const { stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(report)}`, copilot, "validate"], {
    cwd,
    encoding: "utf8",
  });
  return Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? Number.NaN) / 1024;
}
