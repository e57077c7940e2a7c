import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadEnvironment } from "../src/manifest/environment/load.ts";
import { environmentExtensions, readExtensions, workloadExtensions } from "../src/operations/read-extensions.ts";
import { nodeFiles } from "../src/platform/files.ts";
import { openAwsSession } from "../src/targets/aws/open-session.ts";
import { loadWorkload } from "../src/workloads/load.ts";
import { readInputs, type EnvironmentInputs, type WorkspaceInputs } from "./conformance/inputs.ts";
import { renderWorkload, renderWorkspace } from "./conformance/render-workspace.ts";
import { workspaceFiles } from "./conformance/workspace-files.ts";
import { startFakeAws, type FakeAws } from "./fakes/aws/fake-aws.ts";
import { accountOf } from "./fakes/aws/workspace-account.ts";

const real = fileURLToPath(new URL("../../shared/real", import.meta.url));
const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
const functionsFolder = fileURLToPath(new URL("../dist/custom-resources", import.meta.url));

const absent = [real, bin, functionsFolder].filter((path) => !existsSync(path));
if (absent.length > 0) console.warn(`Packaging from a live account is not tested: ${absent.join(", ")} is not there.`);

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
    const session = await openAwsSession({
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
      // Only leniency, which the command has not, accepts a manifest with unknown fields.
      if (isStrict({ inputs, folder, environment })) expect(madeStack?.map(comparable), path).toEqual(stack?.map(comparable));
      else expect(madeStack, path).toBeUndefined();
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
  readonly session: Awaited<ReturnType<typeof openAwsSession>>;
}

function isStrict({ inputs, folder, environment }: Pick<LivePackaging, "inputs" | "folder" | "environment">): boolean {
  const text = readFileSync(join(folder, environment.manifest), "utf8");
  const { application, shellVariables: variables } = inputs;
  return loadEnvironment({ file: environment.manifest, text, application, environment: environment.name, variables }).ok;
}

/** As {@link packageFromLive}, of an environment. */
async function packageEnvironmentFromLive(packaging: Omit<LivePackaging, "manifest">): Promise<readonly string[] | undefined> {
  const { inputs, folder, environment, session } = packaging;
  const place = { application: inputs.application, name: environment.name, target: "aws" } as const;
  const extensions = await readExtensions(environmentExtensions, folder, nodeFiles);
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
  const extensions = await readExtensions(workloadExtensions(dirname(manifest).replace(/^copilot\//, "")), folder, nodeFiles);
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

/** A workspace that may be written to, tied to its application. */
function copyOf(folder: string, inputs: WorkspaceInputs): string {
  const workspace = mkdtempSync(join(tmpdir(), "copilot-live-"));
  cpSync(join(folder, "copilot"), join(workspace, "copilot"), { recursive: true });
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
