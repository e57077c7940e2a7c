import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openParameterStore } from "../src/targets/aws/clients/parameter-store.ts";
import { Problem } from "../src/model/problem.ts";
import { stackOf, startAwsBench } from "./fakes/aws/aws-bench.ts";
import { CommandBench } from "./fakes/fake-context.ts";

const manifest = `name: api
type: Backend Service
image:
  location: nginx
cpu: 256
memory: 512
count: 1
`;

const ofApi = ["--name", "api", "--env", "test"];

/** Takes every request and answers none. Gives its address, and waits for so many requests. */
async function startSilence(): Promise<{ readonly url: string; readonly asked: (count: number) => Promise<void> }> {
  let count = 0;
  const server = createServer(() => void (count += 1));
  const asked = (wanted: number) => expect.poll(() => count).toBe(wanted);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

test("Ctrl-C ends calls that AWS does not answer", async () => {
  const { url, asked } = await startSilence();
  process.env["AWS_ENDPOINT_URL"] = url;
  onTestFinished(() => void delete process.env["AWS_ENDPOINT_URL"]);
  const abort = new AbortController();
  const store = openParameterStore({
    region: "us-west-2",
    credentials: () => Promise.resolve({ accessKeyId: "A", secretAccessKey: "b" }),
    userAgent: [],
    pathStyle: true,
    signal: abort.signal,
  });
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));
  const readings = Array.from({ length: 12 }, (_, index) => store.get(`/copilot/applications/shop${index}`));
  await asked(readings.length);
  abort.abort(new Error("interrupted"));
  for (const { status, reason } of (await Promise.allSettled(readings)).map((each) => ({ reason: undefined, ...each })))
    expect({ status, name: reason instanceof Error ? reason.name : "" }).toEqual({ status: "rejected", name: "AbortError" });
  expect(warnings.filter(({ name }) => name === "MaxListenersExceededWarning")).toEqual([]);
});

test("package --diff that fails before it compares ends with 2 and shows the place", async () => {
  const { run } = await startAwsBench({
    "copilot/api/manifest.yml": manifest,
    "copilot/api/overrides/cfn.patches.yml": "- op: remove\n  path: /Resources/Nothing\n",
    "copilot/environments/overrides/cfn.patches.yml": "- op: remove\n  path: /Resources/Nothing\n",
  });
  const service = await run(["svc", "package", ...ofApi, "--diff"], 2);
  expect(service.stderr).toContain("copilot/api/overrides/cfn.patches.yml:2:9");
  const environment = await run(["env", "package", "--name", "test", "--diff"], 2);
  expect(environment.stderr).toContain("copilot/environments/overrides/cfn.patches.yml:2:9");
  await run(["svc", "package", ...ofApi], 1);
});

test("what stands in the place of overrides and is none is refused: the original refused it too", async () => {
  const { run, bench } = await startAwsBench({ "copilot/api/manifest.yml": manifest, "copilot/api/overrides": "- op: remove\n" });
  const refusal = await run(["svc", "package", ...ofApi], 1);
  expect(refusal.stderr).toContain("read the overrides in copilot/api/overrides: it is a file, and overrides are a folder");
  expect(refusal.stderr).toContain("make it a folder with cfn.patches.yml or cdk.json in it");
  bench.write({ "copilot/environments/overrides/patches.yml": "- op: remove\n" });
  expect((await run(["env", "package", "--name", "test"], 1)).stderr).toContain(
    "read the overrides in copilot/environments/overrides: it has neither cfn.patches.yml nor cdk.json",
  );
});

test("a file in place of addons is left aside with a warning, as the original left it without one", async () => {
  const { run } = await startAwsBench({
    "copilot/api/manifest.yml": manifest,
    "copilot/api/addons": "Resources: {}\n",
    "copilot/environments/addons": "Resources: {}\n",
  });
  const service = await run(["svc", "package", ...ofApi]);
  expect(service.stdout).toContain("AWSTemplateFormatVersion");
  expect(service.stderr).toContain("copilot/api/addons is a file, and is left aside");
  expect((await run(["env", "package", "--name", "test"])).stderr).toContain("copilot/environments/addons is a file, and is left aside");
});

test("a template of addons that is a link counts", async () => {
  const { run, bench } = await startAwsBench({
    "copilot/api/manifest.yml": manifest,
    "shared/topic.yml":
      "Parameters: {App: {Type: String}, Env: {Type: String}, Name: {Type: String}}\nResources: {Topic: {Type: 'AWS::SNS::Topic'}}\n",
    "copilot/api/addons/.gitkeep": "",
  });
  symlinkSync(join(bench.folder, "shared/topic.yml"), join(bench.folder, "copilot/api/addons/topic.yml"));
  await run(["svc", "package", ...ofApi, "--output-dir", "out"]);
  expect(bench.read("out/api.addons.stack.yml")).toContain("AWS::SNS::Topic");
});

test("a workload of the other kind is told as such", async () => {
  const { run } = await startAwsBench({ "copilot/api/manifest.yml": manifest });
  const { stderr } = await run(["job", "package", ...ofApi], 1);
  expect(stderr).toContain("copilot/api/manifest.yml is of type Backend Service");
  expect(stderr).toContain("use `copilot svc`");
});

test("an output folder that is a file is told as such, an empty one is none", async () => {
  const { run } = await startAwsBench({ "copilot/api/manifest.yml": manifest, out: "" });
  const { stderr } = await run(["svc", "package", ...ofApi, "--output-dir", "out"], 1);
  expect(stderr).toMatch(/✘ write .*out\/api-test\.\S+: /);
  expect((await run(["svc", "package", ...ofApi, "--output-dir", ""])).stdout).toContain("AWSTemplateFormatVersion");
});

test("a deployment is refused before an image is built", async () => {
  const { run, dockerCalls, aws } = await startAwsBench({
    "copilot/api/manifest.yml": manifest.replace("location: nginx", "build: Dockerfile"),
    Dockerfile: "FROM scratch\n",
  });
  aws.parameters.set("/copilot/applications/shop/components/api", JSON.stringify({ app: "shop", name: "api", type: "Backend Service" }));
  const { stderr } = await run(["svc", "deploy", ...ofApi], 1);
  expect(stderr).toContain("deploy api: this version of Copilot cannot do it on AWS yet");
  expect(dockerCalls()).toEqual([]);
});

test("a deletion is refused before anything is asked or advised", async () => {
  const { run, aws } = await startAwsBench({ "copilot/api/manifest.yml": manifest });
  aws.parameters.set("/copilot/applications/shop/components/api", JSON.stringify({ app: "shop", name: "api", type: "Backend Service" }));
  aws.stacks.push(
    stackOf("shop-test-api", { tags: { "copilot-application": "shop", "copilot-environment": "test", "copilot-service": "api" } }),
  );
  for (const [argv, what] of [
    [["env", "delete", "--name", "test"], "delete the environment test"],
    [["svc", "delete", "--name", "api"], "delete api"],
    [["app", "delete"], "delete the application shop"],
  ] as const) {
    const { stderr } = await run(argv, 1);
    expect(stderr).toContain(`${what}: this version of Copilot cannot do it on AWS yet`);
    expect(stderr).not.toContain("svc delete");
  }
});

test("a pipeline's stack is JSON where JSON is asked for", async () => {
  const { run, bench } = await startAwsBench({
    "copilot/api/manifest.yml": manifest,
    "copilot/pipelines/release/manifest.yml":
      "name: release\nversion: 1\nsource: {provider: GitHub, properties: {branch: main, repository: https://github.com/example/shop}}\nstages: [{name: test}]\n",
  });
  const text = (await run(["pipeline", "package"])).stdout;
  expect(JSON.parse((await run(["pipeline", "package", "--json"])).stdout)).toEqual({ template: text });
  const { files } = JSON.parse((await run(["pipeline", "package", "--json", "--output-dir", "out"])).stdout);
  expect(bench.read(files[0])).toBe(text);
});

test("an application that is not there is told with the region that was asked", async () => {
  const { run, aws } = await startAwsBench({ "copilot/api/manifest.yml": manifest });
  aws.parameters.clear();
  const { stderr } = await run(["svc", "package", ...ofApi], 1);
  expect(stderr).toContain("this workspace names it, and it does not exist in us-west-2, with these credentials");
  expect(stderr).toContain("set AWS_REGION and the credentials");
});

function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "aws-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const profiles = (folder: string, config: string) => {
  writeFileSync(join(folder, "config"), config);
  return { AWS_CONFIG_FILE: join(folder, "config"), AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") };
};

test("a profile that is not there is told with the files that were looked into and those that are", async () => {
  const files = profiles(makeScratch(), "[profile work]\nregion = us-west-2\n[sso-session home]\nsso_region = us-west-2\n");
  const { run } = await startAwsBench({ "copilot/api/manifest.yml": manifest }, { variables: { ...files, AWS_PROFILE: "nope" } });
  const { stderr } = await run(["svc", "package", ...ofApi], 1);
  expect(stderr).toContain(`the profile nope, which is in neither ${files.AWS_CONFIG_FILE} nor ${files.AWS_SHARED_CREDENTIALS_FILE}`);
  expect(stderr).toContain("set AWS_PROFILE to one that there is (work), or run `aws configure --profile nope`");
});

test("an empty AWS_REGION is none: the region is that of the profile", async () => {
  const files = profiles(makeScratch(), "[default]\nregion = us-west-2\n");
  const { run } = await startAwsBench({ "copilot/api/manifest.yml": manifest }, { variables: { ...files, AWS_REGION: "" } });
  expect((await run(["svc", "package", ...ofApi])).stdout).toContain("AWSTemplateFormatVersion");
  const { run: without } = await startAwsBench({}, { variables: { ...profiles(makeScratch(), ""), AWS_REGION: "" } });
  expect((await without(["app", "show"], 1)).stderr).toContain("no region is set");
});

test("without credentials the workspace of an application on AWS is told what is missing, and how it runs on Docker", async () => {
  const bench = new CommandBench({ "copilot/.workspace": "application: shop\n" });
  const unreachable = {
    openTarget: () => Promise.reject(new Problem("engine-unreachable", "No Docker engine answers", { hint: "Start Docker." })),
  };
  for (const changes of [unreachable, {}]) {
    const { stderr } = await bench.run(["svc", "package", ...ofApi], 1, changes);
    expect(stderr).toContain("there are no credentials of AWS");
    expect(stderr).toContain("run `aws configure`");
    expect(stderr).toContain('write "target: docker" into copilot/.workspace and run `copilot app init`');
    expect(stderr).not.toContain("Start Docker");
  }
  // Of another application nothing is known.
  expect((await bench.run(["svc", "package", ...ofApi, "--app", "other"], 1)).stderr).toContain(
    "look for the application other: it does not exist",
  );
  bench.write({ "copilot/.workspace": "application: shop\ntarget: docker\n" });
  expect((await bench.run(["svc", "package", ...ofApi], 1, unreachable)).stderr).toContain("Start Docker");
});
