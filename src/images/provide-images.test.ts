import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { sampleTask } from "../../test/samples/workloads.ts";
import type { Notice, StepProgress } from "../model/deployment.ts";
import type { ContainerSpec, WorkloadSpec } from "../model/workload-spec.ts";
import type { DockerCommand } from "../targets/docker/docker-command.ts";
import { buildArguments } from "./build-image.ts";
import { toImageTag } from "./image-reference.ts";
import { createImageProvider } from "./provide-images.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "provide-"));
  await mkdir(join(root, "api"));
  await writeFile(join(root, "api/Dockerfile"), "FROM scratch\n");
});

const built: ContainerSpec = {
  name: "api",
  image: { kind: "build", build: { dockerfile: "api/Dockerfile", context: "api", args: {}, cacheFrom: [] } },
  essential: true,
  ports: [],
  variables: {},
  secrets: {},
  dependsOn: {},
  mountPoints: [],
  labels: {},
};
const located: ContainerSpec = { ...built, name: "nginx", image: { kind: "location", location: "nginx:1" } };

const spec = (environment: string): WorkloadSpec => ({
  application: "shop",
  environment,
  name: "api",
  type: "Backend Service",
  manifest: "",
  task: sampleTask({ containers: [built, located] }),
  network: { placement: { kind: "public" }, securityGroups: [], denyDefaultSecurityGroup: false },
  publishes: [],
});

/** A `docker` that builds what it is asked to, or fails with the lines given. */
function fakeDocker(failure?: readonly string[]) {
  const images = new Set<string>();
  const calls: (readonly string[])[] = [];
  const docker: DockerCommand = async (args, call) => {
    calls.push(args);
    await Promise.resolve();
    for (const line of failure ?? ["Step 1/1 : FROM scratch"]) call?.onLine?.(line, "stdout");
    if (failure !== undefined) return { code: 1, stdout: "", stderr: "" };
    images.add(args[args.indexOf("--tag") + 1] ?? "");
    return { code: 0, stdout: "", stderr: "" };
  };
  return {
    docker,
    calls,
    present: async (references: readonly string[]) => new Set(references.filter((reference) => images.has(reference))),
  };
}

const hashes = { of: async () => [""] };
const options = (tell: (event: StepProgress | Notice) => void = () => undefined) => ({
  root,
  build: true,
  signal: new AbortController().signal,
  tell,
});

describe("images of a workload", () => {
  it("are told all at once where several Dockerfiles are missing", async () => {
    const provide = createImageProvider({ ...fakeDocker(), hashes, now: () => new Date(0) });
    const lacking = (name: string): ContainerSpec => ({
      ...built,
      name,
      image: { kind: "build", build: { dockerfile: `api/${name}.Dockerfile`, context: "api", args: {}, cacheFrom: [] } },
    });
    const task = sampleTask({ containers: [built, lacking("proxy"), lacking("agent")] });
    await expect(provide({ ...spec("test"), task }, options())).rejects.toMatchObject({
      code: "dockerfile-missing",
      message: expect.stringMatching(/proxy\.Dockerfile\n.*agent\.Dockerfile$/),
    });
  });

  it("are built once for several environments, and not again while the engine has them", async () => {
    const engine = fakeDocker();
    const dependencies = { ...engine, hashes, now: () => new Date(0) };
    const provide = createImageProvider(dependencies);
    const [test, prod] = await Promise.all([provide(spec("test"), options()), provide(spec("prod"), options())]);
    expect(test).toEqual(prod);
    expect(test).toMatchObject({ nginx: "nginx:1", api: expect.stringMatching(/^copilot\/shop\/api:[0-9a-f]{20}$/) });
    await createImageProvider(dependencies)(spec("test"), options());
    expect(engine.calls).toHaveLength(1);
  });

  it("are only named when nothing shall be built", async () => {
    const engine = fakeDocker();
    const named = await createImageProvider({ ...engine, hashes, now: () => new Date(0) })(spec("test"), { ...options(), build: false });
    expect(named["api"]).toMatch(/^copilot\/shop\/api:/);
    expect(engine.calls).toEqual([]);
  });

  it("get the further tag that was asked for", async () => {
    const engine = fakeDocker();
    await createImageProvider({ ...engine, hashes, now: () => new Date(0) })(spec("test"), { ...options(), tag: "v1 beta" });
    expect(engine.calls.at(-1)?.slice(0, 1)).toEqual(["tag"]);
    expect(engine.calls.at(-1)?.at(-1)).toBe("copilot/shop/api:v1-beta");
  });

  it("fail with the last lines of the build", async () => {
    const engine = fakeDocker(Array.from({ length: 30 }, (_, index) => `\u001b[91mline ${index}\u001b[0m`));
    const events: (StepProgress | Notice)[] = [];
    const provide = createImageProvider({ ...engine, hashes, now: () => new Date(0) });
    const failure: unknown = await provide(
      spec("test"),
      options((event) => events.push(event)),
    ).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "image-build", message: expect.stringMatching(/ended with 1\nline 10\n[^]*line 29$/) });
    expect(events.at(-1)).toMatchObject({ status: "failed", title: expect.stringContaining("Build image") });
  });

  it("say that the platform is in the way when the engine cannot run it", async () => {
    const failing = async (line: string, of: WorkloadSpec): Promise<unknown> =>
      createImageProvider({ ...fakeDocker([line]), hashes, now: () => new Date(0) })(of, options()).catch((error: unknown) => error);
    const arm = {
      ...spec("test"),
      task: sampleTask({ containers: [built], platform: { osFamily: "LINUX", architecture: "ARM64" } }),
    };
    expect(await failing("exec /bin/sh: exec format error", arm)).toMatchObject({ hint: expect.stringContaining("asks for linux/arm64") });
    expect(await failing("no such file", arm)).toMatchObject({ hint: expect.stringMatching(/^docker build .*--platform linux\/arm64/) });
    expect(await failing("exec /bin/sh: exec format error", spec("test"))).toMatchObject({ hint: expect.stringMatching(/^docker build /) });
  });

  it("are built with arguments that are never read by a shell", () => {
    const build = { dockerfile: "a/Dockerfile", context: "a", target: "dev", args: { B: "$(x)", A: "1" }, cacheFrom: ["c"] };
    expect(buildArguments({ root: "/w", build, platform: "linux/arm64", reference: "copilot/s/a:1" })).toEqual(
      ["build", "--tag", "copilot/s/a:1", "--file", "/w/a/Dockerfile", "--target", "dev"].concat([
        "--build-arg",
        "A=1",
        "--build-arg",
        "B=$(x)",
        "--cache-from",
        "c",
        "--platform",
        "linux/arm64",
        "/w/a",
      ]),
    );
  });

  it("have tags that an engine takes", () => {
    expect(toImageTag("feature/x y")).toBe("feature-x-y");
    expect(toImageTag(`.${"a".repeat(200)}`)).toHaveLength(128);
  });

  it("leave what docker says of its own builder out of the error", async () => {
    const advice = [
      "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.",
      "            Install the buildx component to build images with BuildKit:",
      "            https://docs.docker.com/go/buildx/",
    ];
    const { docker, present } = fakeDocker([...advice, "Step 1/1 : RUN false", "exit code 1"]);
    const provide = createImageProvider({ docker, present, hashes, now: () => new Date(0) });
    await expect(provide(spec("test"), options())).rejects.toThrow(/ended with 1\nStep 1\/1 : RUN false\nexit code 1$/);
  });
});
