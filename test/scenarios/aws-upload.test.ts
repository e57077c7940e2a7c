import { execFileSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { startAwsBench } from "../fakes/aws/aws-bench.ts";
import { emulatorMissing, startEmulatedAws } from "../contracts/emulated-aws.ts";

const missing = emulatorMissing();
if (missing !== undefined) process.stderr.write(`Pushing images to a registry is not tested: ${missing}.\n`);

const manifest = `name: api
type: Backend Service
image:
  build: Dockerfile
  port: 8080
sidecars:
  log:
    image:
      build: log/Dockerfile
cpu: 256
memory: 512
count: 1
`;

const docker = (...args: readonly string[]): string => execFileSync("docker", args, { encoding: "utf8" });

test.skipIf(missing !== undefined)(
  "images are built by the engine at hand and lie in a real registry, as the template names them",
  async () => {
    const emulator = await startEmulatedAws();
    onTestFinished(emulator.close);
    const host = emulator.url.replace("http://", "");
    const files = {
      "copilot/api/manifest.yml": manifest,
      Dockerfile: "FROM scratch\nCOPY Dockerfile /a\n",
      "log/Dockerfile": "FROM scratch\nCOPY Dockerfile /b\n",
    };
    const { bench, aws, run } = await startAwsBench(files, { docker: "real", variables: { AWS_ENDPOINT_URL_ECR: emulator.url } });
    // The engine takes a registry on loopback without a certificate; ours is there by the address that the regional stack names.
    aws.stackSets.set(
      "shop-infrastructure",
      (aws.stackSets.get("shop-infrastructure") ?? []).map((stack) => ({
        ...stack,
        outputs: { ...stack.outputs, ECRRepoapi: `${host}/shop/api` },
      })),
    );
    onTestFinished(() => void docker("logout", host));
    await fetch(emulator.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.CreateRepository",
        authorization: "AWS4-HMAC-SHA256 Credential=AKIAHOME/20260101/us-west-2/ecr/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify({ repositoryName: "shop/api" }),
    });

    await run(["svc", "package", "--name", "api", "--env", "test", "--output-dir", "out", "--upload-assets"]);

    const image = /"ContainerImage": "(?<image>[^"]+)"/.exec(bench.read("out/api-test.params.json"))?.groups?.["image"] ?? "";
    expect(image).toMatch(new RegExp(`^${host}/shop/api@sha256:[0-9a-f]{64}$`));
    for (const tag of ["latest", "log-latest"]) {
      const answer = await fetch(`${emulator.url}/v2/shop/api/manifests/${tag}`, {
        headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
      });
      expect(answer.status).toBe(200);
      if (tag === "latest") expect(`${host}/shop/api@${answer.headers.get("docker-content-digest")}`).toBe(image);
    }
    docker("image", "rm", "--force", `${host}/shop/api:latest`, `${host}/shop/api:log-latest`);
    docker("pull", "--quiet", image);
    expect(docker("image", "inspect", "--format", '{{index .Config.Labels "com.aws.copilot.image.container.name"}}', image).trim()).toBe(
      "api",
    );
    docker("image", "rm", "--force", image);
  },
);
