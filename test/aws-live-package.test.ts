import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { environmentExtensions, readExtensions, workloadExtensions } from "../src/operations/read-extensions.ts";
import { nodeFiles } from "../src/platform/files.ts";
import { isJsonObject } from "../src/targets/aws/cloudformation/json.ts";
import { openAwsSession } from "../src/targets/aws/open-session.ts";
import { loadWorkload } from "../src/workloads/load.ts";
import { readInputs, type EnvironmentInputs, type WorkspaceInputs } from "./conformance/inputs.ts";
import { renderWorkload, renderWorkspace } from "./conformance/render-workspace.ts";
import { workspaceFiles } from "./conformance/workspace-files.ts";
import { startFakeAws, type FakeAws, type FakeAwsState } from "./fakes/aws/fake-aws.ts";
import { accountOf } from "./fakes/aws/workspace-account.ts";

const real = fileURLToPath(new URL("../../shared/real", import.meta.url));
const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
const functionsFolder = fileURLToPath(new URL("../dist/custom-resources", import.meta.url));

const absent = [real, bin, functionsFolder].filter((path) => !existsSync(path));
if (absent.length > 0) process.stderr.write(`Packaging from a live account is not tested: ${absent.join(", ")} is not there.\n`);

const workspaces = absent.length > 0 ? [] : readdirSync(real).filter((name) => existsSync(join(real, name, "inputs.json")));

/** What no two deployments have in common, and the version, which inputs take from the original. */
const comparable = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{64}/g, "<hash>")
    .replaceAll(/'?[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}'?/g, "<id>")
    .replaceAll(/^( +(?:Template)?Version: )"?v[\d.]+"?$/gm, "$1<version>")
    .replaceAll(/"?EnvVersion"?: "?v[\d.]+"?/g, "EnvVersion: <version>");

const running: FakeAws[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.splice(0).map(({ close }) => close()));
});

const home = "us-west-2";

async function start(inputs: WorkspaceInputs, folder: string): Promise<FakeAws> {
  const aws = await startFakeAws(accountOf(inputs, workspaceFiles(folder)));
  running.push(aws);
  return aws;
}

const settings = (url: string) => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: home,
  AWS_ACCESS_KEY_ID: "AKIAHOME",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});

const machine = {
  run: () => Promise.reject(new Error("no workspace here has a CDK project")),
  hasProgram: () => Promise.resolve(false),
  exists: () => Promise.resolve(false),
  write: () => Promise.resolve(),
};

describe.skipIf(workspaces.length === 0)("a live application (emulated)", () => {
  test.each(workspaces)("%s is packaged as its inputs say", async (name) => {
    const folder = join(real, name);
    const inputs = readInputs(folder);
    const { url } = await start(inputs, folder);
    for (const [key, value] of Object.entries(settings(url))) vi.stubEnv(key, value);
    const { session } = await openAwsSession({
      variables: { ...settings(url), ...inputs.shellVariables },
      version: "test",
      functionsFolder,
      machine,
    });
    const packaged = inputs.environments.filter((environment) => environment.packaged);
    const rendered = new Map(renderWorkspace(inputs, workspaceFiles(folder)).map(({ path, content }) => [path, content]));
    for (const environment of packaged) {
      const path = `${environment.name}/environment`;
      const stack = rendered.has(`${path}.error.json`)
        ? undefined
        : [rendered.get(`${path}.stack.yml`) ?? "", rendered.get(`${path}.params.json`) ?? ""];
      const madeStack = await packageEnvironmentFromLive({ inputs, folder, environment, session });
      expect(madeStack?.map(comparable), path).toEqual(stack?.map(comparable));
      for (const workload of inputs.workloads) {
        const [template, parameters] = renderWorkload({ inputs, files: workspaceFiles(folder), environment, uploads: false }, workload);
        const wanted = template?.path.endsWith(".error.json") === true ? undefined : [template?.content ?? "", parameters?.content ?? ""];
        const made = await packageFromLive({ inputs, folder, environment, manifest: workload.manifest, session });
        expect(made?.map(comparable), `${workload.name} in ${environment.name}`).toEqual(wanted?.map(comparable));
      }
    }
  });
});

interface LivePackaging {
  readonly inputs: WorkspaceInputs;
  readonly folder: string;
  readonly environment: EnvironmentInputs;
  readonly manifest: string;
  readonly session: Awaited<ReturnType<typeof openAwsSession>>["session"];
}

const toReading = (root: string, session: LivePackaging["session"]) => ({ session, root, files: nodeFiles, tell: () => undefined });

/** As {@link packageFromLive}, of an environment. */
async function packageEnvironmentFromLive(packaging: Omit<LivePackaging, "manifest">): Promise<readonly string[] | undefined> {
  const { inputs, folder, environment, session } = packaging;
  const place = { application: inputs.application, name: environment.name, target: "aws" } as const;
  const extensions = await readExtensions(environmentExtensions, toReading(folder, session));
  try {
    const text = readFileSync(join(folder, environment.manifest), "utf8");
    const { files } = await session.packageEnvironment(place, text, { extensions });
    return files.slice(0, 2).map(({ content }) => content);
  } catch (error) {
    expect(error).toHaveProperty("name", "Problem");
    return undefined;
  }
}

/** The template and the parameters; `undefined` when either reading or packaging refuses. */
async function packageFromLive({ inputs, folder, environment, manifest, session }: LivePackaging): Promise<readonly string[] | undefined> {
  const loaded = loadWorkload({
    file: manifest,
    text: readFileSync(join(folder, manifest), "utf8"),
    application: inputs.application,
    environment: environment.name,
    variables: inputs.shellVariables,
    lenient: true,
    readText: workspaceFiles(folder).text,
  });
  if (!loaded.ok) return undefined;
  const extensions = await readExtensions(workloadExtensions(dirname(manifest).replace(/^copilot\//, "")), toReading(folder, session));
  try {
    const { files } = await session.packageWorkload(loaded.value, { images: {}, envFiles: {} }, { extensions });
    return files.slice(0, 2).map(({ content }) => content);
  } catch (error) {
    expect(error).toHaveProperty("name", "Problem");
    return undefined;
  }
}

describe.skipIf(workspaces.length === 0)("the command against a live application (emulated)", () => {
  const folder = join(real, "takaesu-junya__copilot-pubsub-demo");
  const inputs = absent.length > 0 ? undefined : readInputs(folder);

  test("svc package prints the template, writes files by the original's names, and makes few calls", async () => {
    if (inputs === undefined) throw new Error("there are no inputs");
    const workspace = copyOf(folder, inputs);
    const { url, state } = await start(inputs, folder);
    const [environment] = inputs.environments;
    const [workload] = inputs.workloads;
    if (environment === undefined || workload === undefined) throw new Error("the workspace is empty");
    const args = ["svc", "package", "--name", workload.name, "--env", environment.name];
    const printed = await copilot([...args, "--allow-downgrade"], workspace, url);
    const expected = renderWorkload({ inputs, files: workspaceFiles(folder), environment, uploads: false }, workload)[0]?.content ?? "";
    expect(printed.stderr).toBe("");
    expect(comparable(printed.stdout.trimEnd())).toBe(comparable(expected.trimEnd()));
    expect(state.calls.length).toBeLessThanOrEqual(9);

    await copilot([...args, "--output-dir", "out"], workspace, url);
    expect(readdirSync(join(workspace, "out")).toSorted().slice(0, 2)).toEqual([
      `${workload.name}-${environment.name}.params.json`,
      `${workload.name}-${environment.name}.stack.yml`,
    ]);
    rmSync(workspace, { recursive: true });
  });
});

describe.skipIf(absent.includes(bin) || absent.includes(functionsFolder))("the command against an account of our own (emulated)", () => {
  const manifest = (cpu: number): string =>
    `name: api\ntype: Backend Service\nimage:\n  location: example.com/api:1\n  port: 8080\ncpu: ${cpu}\nmemory: 512\ncount: 1\n`;
  const patches = (path: string): string => `- op: replace\n  path: ${path}\n  value: 90\n`;

  async function application() {
    const workspace = mkdtempSync(join(tmpdir(), "copilot-live-"));
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    };
    write("copilot/.workspace", "application: shop\n");
    write("copilot/environments/test/manifest.yml", "name: test\ntype: Environment\n");
    write("copilot/api/manifest.yml", manifest(256));
    write("inputs.json", JSON.stringify(shop));
    const aws = await start(readInputs(workspace), workspace);
    const run = (...args: readonly string[]) => copilot(args, workspace, aws.url);
    return { workspace, write, run, state: aws.state };
  }

  /** Makes a stack of what a package wrote. */
  function deploy(state: FakeAwsState, workspace: string, version: string): void {
    const parameters: unknown = JSON.parse(readFileSync(join(workspace, "out/api-test.params.json"), "utf8"));
    const values = isJsonObject(parameters) && isJsonObject(parameters["Parameters"]) ? parameters["Parameters"] : {};
    state.stacks.push({
      name: "shop-test-api",
      region: home,
      stackId: "arn:aws:cloudformation:us-west-2:111122223333:stack/shop-test-api/1",
      parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : ""])),
      outputs: {},
      tags: {},
      template: readFileSync(join(workspace, "out/api-test.stack.yml"), "utf8"),
      metadata: `Version: ${version}\nManifest: |\n  name: api\n`,
    });
  }

  const ofApi = ["--name", "api", "--env", "test"];

  test("--diff ends 0 when nothing changes, and 1 with what becomes of each resource", async () => {
    const { workspace, write, run, state } = await application();
    await run("svc", "package", ...ofApi, "--output-dir", "out");
    expect((await run("svc", "package", ...ofApi, "--diff")).stdout).toContain("+ Service (AWS::ECS::Service)");
    deploy(state, workspace, "v1.34.1");
    expect(await run("svc", "package", ...ofApi, "--diff")).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
    expect((await run("svc", "show", "--name", "api", "--manifest", "test")).stdout).toBe("name: api\n");
    write("copilot/api/manifest.yml", manifest(512));
    const changed = await run("svc", "package", ...ofApi, "--diff");
    expect(changed.exitCode).toBe(1);
    expect(changed.stdout).toContain("~ Parameter TaskCPU: 256 -> 512");
  });

  test("a stack of a newer program is left alone unless that is allowed", async () => {
    const { workspace, run, state } = await application();
    await run("svc", "package", ...ofApi, "--output-dir", "out");
    deploy(state, workspace, "v3.0.0");
    const refused = await run("svc", "package", ...ofApi);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("v3.0.0");
    expect((await run("svc", "package", ...ofApi, "--allow-downgrade")).exitCode).toBe(0);
  });

  test("addons are merged into a file of their own, and patches change the template or are told with their line", async () => {
    const { workspace, write, run } = await application();
    write(
      "copilot/api/addons/topic.yml",
      `Parameters:\n  App: {Type: String}\n  Env: {Type: String}\n  Name: {Type: String}\nResources:\n  T: {Type: "AWS::SNS::Topic"}\n`,
    );
    write("copilot/api/overrides/cfn.patches.yml", patches("/Resources/LogGroup/Properties/RetentionInDays"));
    expect((await run("svc", "package", ...ofApi, "--output-dir", "out")).exitCode).toBe(0);
    expect(readdirSync(join(workspace, "out"))).toContain("api.addons.stack.yml");
    expect(readFileSync(join(workspace, "out/api-test.stack.yml"), "utf8")).toContain("RetentionInDays: 90");
    write("copilot/api/overrides/cfn.patches.yml", patches("/Resources/Nothing"));
    const refused = await run("svc", "package", ...ofApi);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/copilot\/api\/overrides\/cfn\.patches\.yml:2/);
  });

  test("--upload-assets puts functions and addons into the bucket, by names that stay", async () => {
    const { write, run, state } = await application();
    write(
      "copilot/api/addons/topic.yml",
      `Parameters:\n  App: {Type: String}\n  Env: {Type: String}\n  Name: {Type: String}\nResources:\n  T: {Type: "AWS::SNS::Topic"}\n`,
    );
    expect(await run("svc", "package", ...ofApi, "--upload-assets")).toMatchObject({ exitCode: 0 });
    const keys = [...state.objects.keys()];
    expect(keys.filter((key) => key.startsWith("/artifacts/manual/scripts/custom-resources/"))).toHaveLength(3);
    expect(keys.filter((key) => key.startsWith("/artifacts/manual/addons/api/"))).toHaveLength(1);
    await run("svc", "package", ...ofApi, "--upload-assets");
    expect([...state.objects.keys()]).toEqual(keys);
  });

  test("override writes a scaffold of each tool that packages unchanged, once", async () => {
    const { workspace, run } = await application();
    const args = ["svc", "override", ...ofApi, "--tool", "yamlpatch", "--skip-resources"];
    expect((await run(...args)).exitCode).toBe(0);
    expect(readdirSync(join(workspace, "copilot/api/overrides"))).toEqual(["README.md", "cfn.patches.yml"]);
    expect((await run("svc", "package", ...ofApi)).exitCode).toBe(0);
    expect((await run(...args)).stderr).toContain("has files already");
    expect((await run("env", "override", "--name", "test", "--tool", "cdk", "--skip-resources")).exitCode).toBe(0);
    expect(existsSync(join(workspace, "copilot/environments/overrides/cdk.json"))).toBe(true);
  });

  test("env package and env show tell the environment; what deploys is refused", async () => {
    const { workspace, run } = await application();
    expect((await run("env", "ls")).stdout).toBe("test\n");
    expect((await run("env", "package", "--name", "test", "--output-dir", "out")).exitCode).toBe(0);
    expect(readdirSync(join(workspace, "out"))).toEqual(["test.env.params.json", "test.env.yml"]);
    expect((await run("env", "show", "--name", "test", "--manifest")).stdout).toContain("type: Environment");
    const refused = await run("env", "deploy", "--name", "test");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("cannot do it on AWS yet");
  });
});

const shop = {
  app: "shop",
  account: "111122223333",
  partition: "aws",
  regions: { "us-west-2": { artifactBucket: "artifacts", kmsKeyArn: "arn:aws:kms:us-west-2:111122223333:key/k", repositories: {} } },
  environments: [
    {
      name: "test",
      region: "us-west-2",
      account: "111122223333",
      stackVersion: "v1.34.1",
      manifest: "copilot/environments/test/manifest.yml",
      executionRoleArn: "arn:aws:iam::111122223333:role/shop-test-CFNExecutionRole",
      managerRoleArn: "arn:aws:iam::111122223333:role/shop-test-EnvManagerRole",
      stackParameters: { ServiceDiscoveryEndpoint: "test.shop.local" },
      stackOutputs: {},
    },
  ],
  workloads: [{ name: "api", manifest: "copilot/api/manifest.yml" }],
};

/** A workspace that may be written to, tied to its application. */
function copyOf(folder: string, inputs: WorkspaceInputs): string {
  const workspace = mkdtempSync(join(tmpdir(), "copilot-live-"));
  cpSync(join(folder, "copilot"), join(workspace, "copilot"), { recursive: true });
  // What was copied is as read-only as its source, and only root may write to it nevertheless.
  for (const path of [
    "copilot",
    ...readdirSync(join(workspace, "copilot"), { recursive: true, encoding: "utf8" }).map((path) => join("copilot", path)),
  ])
    chmodSync(join(workspace, path), 0o700);
  writeFileSync(join(workspace, "copilot/.workspace"), `application: ${inputs.application}\n`);
  for (const { name, manifest } of inputs.environments) {
    const place = join(workspace, "copilot/environments", name, "manifest.yml");
    mkdirSync(dirname(place), { recursive: true });
    if (!existsSync(place)) writeFileSync(place, readFileSync(join(folder, manifest)));
  }
  return workspace;
}

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const copilot = (args: readonly string[], cwd: string, url: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd, env: { PATH: process.env["PATH"], HOME: cwd, ...settings(url) } });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 1, ...output }));
  });
