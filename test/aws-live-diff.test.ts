import { describe, expect, test } from "vitest";
import { isJsonObject, toJson } from "../src/targets/aws/cloudformation/json.ts";
import { managerRole, stackOf, startAwsBench, type AwsBench } from "./fakes/aws/aws-bench.ts";

const manifest = `name: api
type: Backend Service
image:
  build: Dockerfile
  port: 8080
sidecars:
  nginx:
    image:
      build: nginx/Dockerfile
cpu: 256
memory: 512
count: 1
`;

const topic = (name: string): string => `Parameters:
  App: { Type: String }
  Env: { Type: String }
  Name: { Type: String }
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: ${name}
`;

const environmentAddons = `Parameters:
  App: { Type: String }
  Env: { Type: String }
Resources:
  Bucket:
    Type: AWS::S3::Bucket
`;

const files = {
  "copilot/api/manifest.yml": manifest,
  "copilot/api/addons/topic.yml": topic("orders"),
  "copilot/environments/addons/bucket.yml": environmentAddons,
  Dockerfile: "FROM scratch\n",
  "nginx/Dockerfile": "FROM scratch\n",
};

const ofApi = ["--name", "api", "--env", "test"];
const nested = "arn:aws:cloudformation:us-west-2:111122223333:stack/nested/1";

/** Makes stacks of what a package wrote, as a deployment would. */
function deploy({ bench, aws }: AwsBench, name: string, wrote: { readonly main: string; readonly addons: string }): void {
  const read = toJson(JSON.parse(bench.read(`out/${wrote.main.replace(/(\.stack)?\.yml$/, ".params.json")}`)));
  const values = isJsonObject(read) ? read["Parameters"] : undefined;
  const parameters = isJsonObject(values)
    ? Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : ""] as const)
    : [];
  for (let index = aws.stacks.length - 1; index >= 0; index -= 1) if (aws.stacks[index]?.name === name) aws.stacks.splice(index, 1);
  aws.stacks.push(
    stackOf(name, {
      parameters: Object.fromEntries(parameters),
      template: bench.read(`out/${wrote.main}`),
      metadata: "Version: v1.34.1\nManifest: |\n  name: test\n  type: Environment\n",
      resources: { AddonsStack: `${nested}-${name}` },
      visibleTo: managerRole,
    }),
    // Another program wrote the same in other words, and so under another address.
    stackOf(`${name}-AddonsStack`, { stackId: `${nested}-${name}`, template: `# addons\n${bench.read(`out/${wrote.addons}`)}` }),
  );
}

async function deployed(): Promise<AwsBench> {
  const started = await startAwsBench(files);
  await started.run(["svc", "package", ...ofApi, "--upload-assets", "--output-dir", "out"]);
  deploy(started, "shop-test-api", { main: "api-test.stack.yml", addons: "api.addons.stack.yml" });
  const stack = started.aws.stacks.find(({ name }) => name === "shop-test-api");
  if (stack !== undefined) Object.assign(stack.parameters, { AddonsTemplateURL: "https://elsewhere/addons.yml" });
  return started;
}

describe("svc package --diff", () => {
  test("says nothing of what is the same: images that were not built, addons that lie elsewhere", async () => {
    const { run } = await deployed();
    expect(await run(["svc", "package", ...ofApi, "--diff"])).toMatchObject({ code: 0, stdout: "No changes.\n" });
  });

  test("shows what becomes of each resource of the addons", async () => {
    const { run, bench } = await deployed();
    bench.write({ "copilot/api/addons/topic.yml": topic("bills") });
    const { stdout } = await run(["svc", "package", ...ofApi, "--diff"], 1);
    expect(stdout).toBe("AddonsStack: ± Topic (AWS::SNS::Topic) will be replaced, because of TopicName\n");
  });

  test("shows addons that go away, and those that come", async () => {
    const { run, bench, aws } = await deployed();
    await bench.context.files.remove(`${bench.folder}/copilot/api/addons/topic.yml`);
    expect((await run(["svc", "package", ...ofApi, "--diff"], 1)).stdout).toContain(
      "- AddonsStack (AWS::CloudFormation::Stack) will be deleted",
    );
    bench.write({ "copilot/api/addons/topic.yml": topic("orders") });
    const stack = aws.stacks.find(({ name }) => name === "shop-test-api");
    if (stack !== undefined) Object.assign(stack.parameters, { AddonsTemplateURL: "" });
    const { stdout } = await run(["svc", "package", ...ofApi, "--diff"], 1);
    expect(stdout).toContain("+ AddonsStack (AWS::CloudFormation::Stack)");
    expect(stdout).toContain("AddonsStack: + Topic (AWS::SNS::Topic)");
  });

  test("shows a changed image once it was built and pushed, as with the original", async () => {
    const { run, aws } = await deployed();
    const stack = aws.stacks.find(({ name }) => name === "shop-test-api");
    if (stack !== undefined) Object.assign(stack.parameters, { ContainerImage: "registry/shop/api:before" });
    expect((await run(["svc", "package", ...ofApi, "--diff"])).stdout).toBe("No changes.\n");
    const { stdout } = await run(["svc", "package", ...ofApi, "--diff", "--upload-assets"], 1);
    expect(stdout).toMatch(/~ Parameter ContainerImage: registry\/shop\/api:before -> .*@sha256:1+\n/);
  });

  test("ends with 2 when it cannot be told, with the reason", async () => {
    const { run, aws } = await deployed();
    aws.denied.add("cloudformation GetTemplate");
    const { stderr, stdout } = await run(["svc", "package", ...ofApi, "--diff"], 2);
    expect(stdout).toBe("");
    expect(stderr).toContain("read the template of the stack shop-test-api: access was denied");
  });
});

describe("env package --diff", () => {
  test("compares the addons of environments by what they say too", async () => {
    const started = await startAwsBench(files);
    const { run, bench, aws } = started;
    await run(["env", "package", "--name", "test", "--upload-assets", "--output-dir", "out"]);
    deploy(started, "shop-test", { main: "test.env.yml", addons: "env.addons.yml" });
    const index = aws.stacks.findIndex(({ name }) => name === "shop-test");
    const stack = aws.stacks[index];
    if (stack !== undefined)
      aws.stacks[index] = { ...stack, template: stack.template.replace(/TemplateURL: .*/, "TemplateURL: https://elsewhere/1") };
    expect((await run(["env", "package", "--name", "test", "--diff"])).stdout).toBe("No changes.\n");
    bench.write({ "copilot/environments/addons/bucket.yml": environmentAddons.replaceAll("Bucket:", "Files:") });
    const { stdout } = await run(["env", "package", "--name", "test", "--diff"], 1);
    expect(stdout).toBe("AddonsStack: - Bucket (AWS::S3::Bucket) will be deleted\nAddonsStack: + Files (AWS::S3::Bucket)\n");
  });
});
