import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { startAwsBench, type AwsBenchOptions } from "./fakes/aws/aws-bench.ts";

const api = `name: api
type: Backend Service
image:
  build: api/Dockerfile
  port: 8080
sidecars:
  nginx:
    port: 80
    image:
      build: nginx/Dockerfile
cpu: 256
memory: 512
count: 1
env_file: api/.env
`;

const files = {
  "copilot/api/manifest.yml": api,
  "api/Dockerfile": "FROM scratch\n",
  "api/.env": "COLOR=blue\n",
  "nginx/Dockerfile": "FROM scratch\n",
};

const repository = "111122223333.dkr.ecr.us-west-2.amazonaws.com/shop/api";
const digest = `sha256:${"1".repeat(64)}`;
const upload = ["svc", "package", "--name", "api", "--env", "test", "--output-dir", "out", "--upload-assets"];

interface Parameters {
  readonly Parameters: Readonly<Record<string, string>>;
}

async function uploaded(more: readonly string[] = [], options: AwsBenchOptions = {}) {
  const started = await startAwsBench(files, options);
  await started.run([...upload, ...more]);
  const parameters: Parameters = JSON.parse(started.bench.read("out/api-test.params.json"));
  return { ...started, template: started.bench.read("out/api-test.stack.yml"), parameters: parameters.Parameters };
}

describe("package --upload-assets", () => {
  test("logs in through standard input, builds and pushes each image, and names them by digest where no tag stays", async () => {
    const { dockerCalls, template, parameters } = await uploaded();
    const calls = dockerCalls();
    const login = calls.filter(({ args }) => args[0] === "login");
    expect(login).toEqual([
      {
        args: ["login", "--username", "AWS", "--password-stdin", "111122223333.dkr.ecr.us-west-2.amazonaws.com"],
        input: "registry-password",
      },
    ]);
    expect(JSON.stringify(calls.map(({ args }) => args))).not.toContain("registry-password");
    expect(calls.filter(({ args }) => args[0] === "push").map(({ args }) => args.at(-1))).toEqual(
      expect.arrayContaining([`${repository}:latest`, `${repository}:nginx-latest`]),
    );
    const build = calls.find(({ args }) => args[0] === "build" && args.includes(`${repository}:latest`))?.args.join(" ");
    expect(build).toContain("--label com.aws.copilot.image.builder=copilot-cli --label com.aws.copilot.image.container.name=api");
    expect(parameters["ContainerImage"]).toBe(`${repository}@${digest}`);
    expect(template.match(/Image: .*/g)?.join()).toContain(`${repository}@${digest}`);
  });

  test("a tag that a person gives is the main image's", async () => {
    const { dockerCalls, parameters, template } = await uploaded(["--tag", "v7"]);
    expect(parameters["ContainerImage"]).toBe(`${repository}:v7`);
    expect(template.match(/Image: .*/g)?.join()).toContain(`${repository}@${digest}`);
    expect(dockerCalls().flatMap(({ args }) => (args[0] === "push" ? [args.at(-1)] : []))).toContain(`${repository}:v7`);
  });

  test("a helper that knows the registry makes logging in needless, and pipelines get quiet pushes", async () => {
    const started = await startAwsBench({ ...files, ".docker/config.json": '{"credsStore":"ecr-login"}' }, { variables: { CI: "true" } });
    await started.run(upload);
    expect(started.dockerCalls().map(({ args }) => args[0])).not.toContain("login");
    expect(started.aws.calls).not.toContain("ecr GetAuthorizationToken");
    expect(started.dockerCalls().some(({ args }) => args[0] === "push" && args[1] === "--quiet")).toBe(true);
  });

  test("env files, functions and addons lie in the bucket by their content", async () => {
    const { aws, parameters } = await uploaded();
    const hash = createHash("sha256").update("COLOR=blue\n").digest("hex");
    expect(aws.objects.get(`/artifacts/manual/env-files/.env/${hash}.env`)).toBe("COLOR=blue\n");
    expect(parameters["EnvFileARN"]).toBe(`arn:aws:s3:::artifacts/manual/env-files/.env/${hash}.env`);
    expect([...aws.objects.keys()].filter((key) => key.startsWith("/artifacts/manual/scripts/custom-resources/"))).toHaveLength(3);
  });

  test("App Runner gets its image, and the type of its repository", async () => {
    const runner = "name: api\ntype: Request-Driven Web Service\nimage:\n  build: api/Dockerfile\n  port: 8080\n";
    const { run, bench } = await startAwsBench({ ...files, "copilot/api/manifest.yml": runner });
    await run(upload);
    const { Parameters: parameters }: Parameters = JSON.parse(bench.read("out/api-test.params.json"));
    expect(parameters).toMatchObject({ ContainerImage: `${repository}@${digest}`, ImageRepositoryType: "ECR" });
  });

  test("a repository that the regional stack does not name is looked for", async () => {
    const started = await startAwsBench({ ...files, "copilot/web/manifest.yml": api.replaceAll("name: api", "name: web") });
    const args = upload.map((word) => (word === "api" ? "web" : word));
    expect((await started.run(args, 1)).stderr).toContain("us-west-2 has no repository shop/web");
    started.aws.repositories.add("shop/web");
    await started.run(args);
    expect(started.bench.read("out/web-test.params.json")).toContain(`registry.test/shop/web@${digest}`);
  });

  test.each([
    ["engine", "no Docker engine answers (Cannot connect to the Docker daemon", "leave --upload-assets out"],
    ["login", "log in to the registry 111122223333.dkr.ecr.us-west-2.amazonaws.com: login attempt failed", "ecr:GetAuthorizationToken"],
    ["build", "could not be built", "docker build"],
    ["push", "received unexpected HTTP status: 500", "run the same again"],
  ])("a fault of %s is told, and no template is written", async (fault, message, hint) => {
    const { run, bench } = await startAwsBench(files, { variables: { FAKE_DOCKER_FAULT: fault } });
    const { stderr, stdout } = await run(upload, 1);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr + stdout).not.toContain("registry-password");
    expect(() => bench.read("out/api-test.stack.yml")).toThrow("ENOENT");
  });

  test("no docker, no Dockerfile, no tag: each is told before anything is built", async () => {
    const without = await startAwsBench(files, { docker: "none" });
    expect((await without.run(upload, 1)).stderr).toContain("there is no docker command on the PATH");
    const { "nginx/Dockerfile": _, ...fewer } = files;
    const incomplete = await startAwsBench(fewer);
    expect((await incomplete.run(upload, 1)).stderr).toMatch(/there is no .*nginx\/Dockerfile/);
    expect(incomplete.dockerCalls()).toEqual([]);
    expect((await incomplete.run([...upload, "--tag", "a/b"], 1)).stderr).toContain('"a/b" is no tag of an image');
  });

  test("an account that gives no credentials for its registry says so", async () => {
    const { run, aws } = await startAwsBench(files);
    aws.denied.add("ecr GetAuthorizationToken");
    expect((await run(upload, 1)).stderr).toContain("get credentials of the image registry: access was denied");
  });
});

describe("a site", () => {
  const site = {
    "copilot/web/manifest.yml": "name: web\ntype: Static Site\nfiles:\n  - source: dist\n    recursive: true\n",
    "dist/index.html": "<p>",
    "dist/a/b.css": "b{}",
  };
  const args = ["svc", "package", "--name", "web", "--env", "test"];

  test("is uploaded with the list that its state machine copies by", async () => {
    const { run, aws } = await startAwsBench(site);
    const { stdout } = await run([...args, "--upload-assets"]);
    const key = [...aws.objects.keys()].find((each) => each.includes("/environments/test/workloads/web/mapping/")) ?? "";
    expect(stdout).toContain(key.replace("/artifacts/", ""));
    expect(JSON.parse(aws.objects.get(key) ?? "")).toHaveLength(2);
  });

  test("is packaged before it is built, and uploaded only after", async () => {
    const { "dist/index.html": _, "dist/a/b.css": __, ...unbuilt } = site;
    const { run } = await startAwsBench(unbuilt);
    expect((await run(args)).stdout).toContain("AWS::CloudFront::Distribution");
    expect((await run([...args, "--upload-assets"], 1)).stderr).toContain("dist is not there");
  });
});
