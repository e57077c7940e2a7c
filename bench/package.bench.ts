import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Figure } from "./figures.ts";
import { timeNode, timeTurnAbout } from "./processes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const requireBanner = `import { createRequire as bundledRequire } from "node:module"; const require = bundledRequire(import.meta.url);`;

const manifest = (name: string, environments: readonly string[]): string => `name: ${name}
type: Load Balanced Web Service
image:
  location: example.com/${name}:1
  port: 8080
http:
  path: /${name}
  healthcheck:
    path: /health
    healthy_threshold: 2
    interval: 10s
cpu: 512
memory: 1024
count:
  range: 1-10
  cpu_percentage: 70
  requests: 1000
exec: true
storage:
  volumes:
    data: { path: /data, read_only: false, efs: true }
variables:
  LOG_LEVEL: info
secrets:
  TOKEN: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/token
sidecars:
  nginx:
    image: example.com/nginx:1
    port: 80
publish:
  topics:
    - name: events
environments:
${environments.map((name) => `  ${name}:\n    cpu: 1024\n    variables:\n      LOG_LEVEL: debug`).join("\n")}
`;

const region = "eu-west-1";
const account = "111122223333";

/** What an account would answer at once, in the form of the conformance program's workspaces. */
const answers = (services: readonly string[], environments: readonly string[]) => ({
  app: "bench",
  account,
  partition: "aws",
  tag: "1",
  regions: { [region]: { artifactBucket: "artifacts", kmsKeyArn: `arn:aws:kms:${region}:${account}:key/k`, repositories: {} } },
  environments: environments.map((name) => ({
    name,
    region,
    account,
    stackVersion: "v2.0.0",
    manifest: `copilot/environments/${name}/manifest.yml`,
    executionRoleArn: `arn:aws:iam::${account}:role/bench-${name}-CFNExecutionRole`,
    managerRoleArn: `arn:aws:iam::${account}:role/bench-${name}-EnvManagerRole`,
    stackParameters: { ServiceDiscoveryEndpoint: `${name}.bench.local` },
  })),
  workloads: services.map((name) => ({ name, manifest: `copilot/${name}/manifest.yml` })),
});

function writeWorkspace(folder: string, count: number, environments: readonly string[]): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const services = Array.from({ length: count }, (_, index) => `service-${index}`);
  write("inputs.json", JSON.stringify(answers(services, environments)));
  for (const name of environments) write(`copilot/environments/${name}/manifest.yml`, `name: ${name}\ntype: Environment\n`);
  for (const name of services) write(`copilot/${name}/manifest.yml`, manifest(name, environments));
}

/** What packaging for AWS costs against instant answers: one service as a process of its own, and many at once with their memory. */
export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "copilot-bench-package-"));
  try {
    const program = join(folder, "package.mjs");
    await build({
      entryPoints: [join(root, "bench", "package-workspace.ts")],
      outfile: program,
      bundle: true,
      platform: "node",
      target: "node20.19",
      format: "esm",
      minify: true,
      banner: { js: requireBanner },
      logLevel: "warning",
    });
    const one = join(folder, "one");
    const many = join(folder, "many");
    writeWorkspace(one, 1, ["test"]);
    writeWorkspace(many, 50, ["test", "staging", "prod"]);

    const [bare = Number.NaN, single = Number.NaN] = timeTurnAbout(9, [
      () => timeNode(["-e", "0"]),
      () => timeNode([program, one, join(folder, "out-one")]),
    ]);
    const [all = Number.NaN] = timeTurnAbout(3, [() => timeNode([program, many, join(folder, "out-many")])]);
    return [
      { name: "package-one-service-over-bare-node", value: single - bare, unit: "ms", bar: 150 },
      { name: "package-50-services-in-3-environments", value: all / 1000, unit: "s", bar: 5 },
      {
        name: "package-50-services-in-3-environments-memory",
        value: memoryOf([program, many, join(folder, "out-many")]),
        unit: "MiB",
        bar: 300,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryOf(args: readonly string[]): number {
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const { files, memory }: { files: number; memory: number } = JSON.parse(stdout);
  // A template and its parameters, for each service in each environment.
  if (files !== 300) throw new Error(`only ${files} files were packaged`);
  return memory;
}
