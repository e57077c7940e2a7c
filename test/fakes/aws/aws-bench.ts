import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished, vi } from "vitest";
import { openTarget } from "../../../src/cli/open-target.ts";
import { functionHandlers } from "../../../src/targets/aws/custom-resources/functions.ts";
import { controlledParameters } from "../../../src/targets/aws/templates/environment/parameters.ts";
import { CommandBench, type CommandResult } from "../fake-context.ts";
import { emptyAws, startFakeAws, type FakeAwsState, type FakeStack } from "./fake-aws.ts";

/** The account and region of the bench's application. */
export const account = "111122223333";
/** The region of the bench's application. */
export const region = "us-west-2";
/** Who works on the environment `test`. */
export const managerRole = `arn:aws:iam::${account}:role/shop-test-EnvManagerRole`;

/** Commands of this process against a fake account. */
export interface AwsBench {
  readonly bench: CommandBench;
  readonly aws: FakeAwsState;
  /** Address of the fake. */
  readonly url: string;
  /** Runs a command line and expects this exit code. */
  readonly run: (argv: readonly string[], expected?: number) => Promise<CommandResult>;
  /** What `docker` was called with, and what it read. */
  readonly dockerCalls: () => readonly { readonly args: readonly string[]; readonly input: string }[];
}

/** What of a machine a bench may have otherwise. */
export interface AwsBenchOptions {
  /** Variables besides those of the account. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Which `docker` there is: the fake unless given. */
  readonly docker?: "fake" | "real" | "none";
}

/** Variables by which AWS's libraries find the fake. */
export const awsVariables = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: "AKIAHOME",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});

/** The application `shop` with the deployed environment `test`, in a fake account, and a workspace of these files. Gone when the test ends. */
export async function startAwsBench(files: Readonly<Record<string, string>> = {}, options: AwsBenchOptions = {}): Promise<AwsBench> {
  const aws = shopAccount();
  const fake = await startFakeAws(aws);
  onTestFinished(fake.close);
  const variables = { ...awsVariables(fake.url), ...options.variables };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const bench = new CommandBench({
    "copilot/.workspace": "application: shop\n",
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    ...files,
  });
  const programs = join(bench.folder, ".programs");
  writeFunctions(join(programs, "custom-resources"));
  const log = join(programs, "docker.log");
  const engine = options.docker === "real" ? { DOCKER_HOST: process.env["DOCKER_HOST"] } : {};
  const environment = { ...variables, ...engine, PATH: pathFor(programs, options), HOME: bench.folder, FAKE_DOCKER_LOG: log };
  const machine = { variables: environment, home: bench.folder, version: "1.2.3", programFile: join(programs, "bin.js") };
  const changes = {
    variables: environment,
    openTarget: (target: Parameters<typeof openTarget>[0], report: Parameters<typeof openTarget>[2]) => openTarget(target, machine, report),
  };
  return {
    bench,
    aws,
    url: fake.url,
    run: (argv, expected = 0) => bench.run(argv, expected, changes),
    dockerCalls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").map(toDockerCall) : []),
  };
}

function toDockerCall(line: string): { readonly args: readonly string[]; readonly input: string } {
  const call: { readonly args: readonly string[]; readonly input: string } = JSON.parse(line);
  return call;
}

/** A search path with the fake `docker` first, or with no `docker` at all. */
function pathFor(programs: string, { docker = "fake" }: AwsBenchOptions): string {
  const node = join(programs, "node");
  symlinkSync(process.execPath, node);
  if (docker === "none") return programs;
  if (docker === "real") return process.env["PATH"] ?? "";
  copyFileSync(fileURLToPath(new URL("../fake-docker.mjs", import.meta.url)), join(programs, "docker"));
  chmodSync(join(programs, "docker"), 0o755);
  return `${programs}:${process.env["PATH"] ?? ""}`;
}

/** Archives of functions that do nothing: where they lie is all that packaging asks of them. */
function writeFunctions(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(functionHandlers)) writeFileSync(join(folder, `${name}.zip`), name);
}

function shopAccount(): FakeAwsState {
  const aws = emptyAws();
  const path = "/copilot/applications/shop";
  aws.parameters.set(path, JSON.stringify({ name: "shop", account, domain: "", version: "1.0" }));
  aws.parameters.set(
    `${path}/environments/test`,
    JSON.stringify({
      app: "shop",
      name: "test",
      region,
      accountID: account,
      registryURL: "",
      executionRoleARN: `arn:aws:iam::${account}:role/shop-test-CFNExecutionRole`,
      managerRoleARN: managerRole,
    }),
  );
  aws.roles.add(managerRole);
  const repository = `arn:aws:ecr:${region}:${account}:repository/shop/api`;
  const outputs = { PipelineBucket: "artifacts", KMSKeyARN: `arn:aws:kms:${region}:${account}:key/k`, ECRRepoapi: repository };
  aws.stackSets.set("shop-infrastructure", [stackOf("StackSet-shop-infrastructure-1", { outputs })]);
  aws.stacks.push(
    stackOf("shop-infrastructure-roles", { metadata: "TemplateVersion: v1.2.0\n" }),
    stackOf("shop-test", {
      parameters: {
        ServiceDiscoveryEndpoint: "test.shop.local",
        ...Object.fromEntries(controlledParameters.map((parameter) => [parameter, ""])),
      },
      tags: { "copilot-application": "shop", "copilot-environment": "test" },
      metadata: "Version: v1.34.1\nManifest: |\n  name: test\n  type: Environment\n",
      visibleTo: managerRole,
    }),
  );
  return aws;
}

/** A stack of the fake with nothing in it but this. */
export const stackOf = (name: string, content: Partial<FakeStack> = {}): FakeStack => ({
  name,
  region,
  stackId: `arn:aws:cloudformation:${region}:${account}:stack/${name}/1`,
  parameters: {},
  outputs: {},
  tags: {},
  template: '{"Resources":{}}',
  metadata: "",
  ...content,
});
