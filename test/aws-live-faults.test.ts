import { createServer } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { openParameterStore } from "../src/targets/aws/clients/parameter-store.ts";
import { startAwsBench } from "./fakes/aws/aws-bench.ts";

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
  const asked = (wanted: number) => vi.waitFor(() => expect(count).toBe(wanted));
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

test("an application that is not there is told with the region that was asked", async () => {
  const { run, aws } = await startAwsBench({ "copilot/api/manifest.yml": manifest });
  aws.parameters.clear();
  const { stderr } = await run(["svc", "package", ...ofApi], 1);
  expect(stderr).toContain("this workspace names it, and it does not exist in us-west-2, with these credentials");
  expect(stderr).toContain("set AWS_REGION and the credentials");
});
