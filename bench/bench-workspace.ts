import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

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
    stackParameters: {
      ServiceDiscoveryEndpoint: `${name}.bench.local`,
      ALBWorkloads: "",
      InternalALBWorkloads: "",
      EFSWorkloads: "",
      NATWorkloads: "",
    },
  })),
  workloads: services.map((name) => ({ name, manifest: `copilot/${name}/manifest.yml` })),
});

/** Writes a workspace of the application `bench` with so many services, and an inputs.json of what its account would answer. Names the services. */
export function writeBenchWorkspace(folder: string, count: number, environments: readonly string[]): readonly string[] {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const services = Array.from({ length: count }, (_, index) => `service-${index}`);
  write("inputs.json", JSON.stringify(answers(services, environments)));
  for (const name of environments) write(`copilot/environments/${name}/manifest.yml`, `name: ${name}\ntype: Environment\n`);
  for (const name of services) write(`copilot/${name}/manifest.yml`, manifest(name, environments));
  write("copilot/.workspace", "application: bench\n");
  return services;
}
