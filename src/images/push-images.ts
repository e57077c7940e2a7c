import { stripVTControlCharacters } from "node:util";
import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import { settleAll } from "../model/settle-all.ts";
import type { ContainerSpec, WorkloadSpec } from "../model/workload-spec.ts";
import { toEnginePlatform } from "../targets/docker/compile/engine-platform.ts";
import { complaint, type DockerCommand, type DockerResult } from "../targets/docker/docker-command.ts";
import { listBuildContext, readDockerfile } from "./build-context.ts";
import { buildImage, type ImageToBuild } from "./build-image.ts";
import { hasCredentialHelper } from "./credential-helper.ts";
import type { ImageRegistry } from "./image-registry.ts";
import type { ImageProvider, ProvideOptions } from "./provide-images.ts";
import { isImageTag, pushedReference, pushedTags, type TagChoice } from "./pushed-image.ts";

/** What pushing works with. */
export interface PushDependencies {
  readonly docker: DockerCommand;
  readonly registry: ImageRegistry;
  /** What git calls the commit of a workspace that has no changes. */
  readonly commitTag: (root: string) => Promise<string | undefined>;
  /** Text of the settings of `docker`, where there are any. */
  readonly dockerSettings: () => Promise<string | undefined>;
  readonly version: string;
  /** Whether a pipeline runs this: then progress that redraws itself is left out. */
  readonly ci: boolean;
  /** Of this machine, as Node.js names it. */
  readonly architecture: string;
  readonly now: () => Date;
}

/** An image on its way to the registry. */
interface ImageToPush {
  readonly repository: string;
  readonly choice: TagChoice;
  readonly image: ImageToBuild;
}

/** Lines of a failed push that go into the error. */
const toldLines = 10;

/**
 * Builds a workload's images and pushes them, each with the tags that the original gave; names them as templates refer to them. Where no
 * build is asked for, none is named: the reference of an image that was not pushed would be made up.
 */
export function createImagePusher(dependencies: PushDependencies): ImageProvider {
  return async (spec, options) => {
    const built = (spec.task?.containers ?? []).filter(({ image }) => image.kind === "build");
    if (!options.build || built.length === 0) return {};
    if (options.tag !== undefined && !isImageTag(options.tag))
      throw new Problem("invalid-tag", `push the images of ${spec.name}: ${JSON.stringify(options.tag)} is no tag of an image`, {
        hint: "give --tag letters, digits, dots, dashes and underscores, at most 128",
      });
    const images = await planImages(spec, built, { dependencies, options });
    const { docker, registry } = dependencies;
    await requireEngine(spec, docker);
    const repository = images[0]?.repository ?? "";
    await logIn({ host: repository.split("/")[0] ?? "", credentials: () => registry.credentials(spec) }, dependencies, options.signal);
    const references = await settleAll(images.map((image) => buildAndPush(image, { dependencies, options })));
    return Object.fromEntries(images.map(({ choice }, index) => [choice.container, references[index] ?? ""]));
  };
}

interface Pushing {
  readonly dependencies: PushDependencies;
  readonly options: ProvideOptions;
}

/** What will be built, and under which names. Throws a `Problem` where a Dockerfile or a context is missing, before anything is built. */
async function planImages(
  spec: WorkloadSpec,
  containers: readonly ContainerSpec[],
  { dependencies, options }: Pushing,
): Promise<readonly ImageToPush[]> {
  const { registry, commitTag, version } = dependencies;
  const [repository, commit] = await Promise.all([registry.repository(spec), commitTag(options.root)]);
  const platform = platformOf(spec, dependencies);
  const planned = containers.map(async (container): Promise<readonly ImageToPush[]> => {
    if (container.image.kind !== "build") return [];
    const { build } = container.image;
    const dockerfile = join(options.root, build.dockerfile);
    await settleAll([readDockerfile(dockerfile, spec.name), listBuildContext(join(options.root, build.context), dockerfile)]);
    const choice: TagChoice = {
      isMain: container.name === spec.name,
      container: container.name,
      ...(options.tag === undefined ? {} : { wished: options.tag }),
      ...(commit === undefined ? {} : { commit }),
    };
    const [reference = "", ...alsoKnownAs] = pushedTags(choice).map((tag) => `${repository}:${tag}`);
    const labels = {
      "com.aws.copilot.image.builder": "copilot-cli",
      "com.aws.copilot.image.container.name": container.name,
      "com.aws.copilot.image.version": `v${version}`,
    };
    const image = { root: options.root, build, reference, alsoKnownAs, labels, ...(platform === undefined ? {} : { platform }) };
    return [{ repository, choice, image }];
  });
  return (await settleAll(planned)).flat();
}

/** Without a platform a task runs on linux and x86: other machines have to be told so, or they build for themselves. */
function platformOf({ task }: WorkloadSpec, { architecture }: PushDependencies): string | undefined {
  if (task?.platform !== undefined) return toEnginePlatform(task.platform);
  return architecture === "x64" ? undefined : "linux/amd64";
}

async function requireEngine({ name }: WorkloadSpec, docker: DockerCommand): Promise<void> {
  const what = `build the images of ${name}`;
  const hint = "start Docker on this machine, or leave --upload-assets out";
  let result: DockerResult;
  try {
    result = await docker(["version", "--format", "{{.Server.Version}}"]);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    throw new Problem("docker-not-found", `${what}: there is no docker command on the PATH`, { cause, hint });
  }
  if (result.code !== 0) throw new Problem("engine-unreachable", `${what}: no Docker engine answers (${complaint(result)})`, { hint });
}

interface Login {
  /** Host of the registry, as `docker` keeps logins by. */
  readonly host: string;
  readonly credentials: () => ReturnType<ImageRegistry["credentials"]>;
}

async function logIn({ host, credentials }: Login, { docker, dockerSettings }: PushDependencies, signal: AbortSignal): Promise<void> {
  if (hasCredentialHelper(await dockerSettings(), host)) return;
  const { user, password } = await credentials();
  const result = await docker(["login", "--username", user, "--password-stdin", host], { input: password, signal });
  if (result.code !== 0)
    throw new Problem("registry-login", `log in to the registry ${host}: ${complaint(result)}`, {
      hint: "check that the credentials may call ecr:GetAuthorizationToken, and that the clock of this machine is right",
    });
}

async function buildAndPush({ repository, choice, image }: ImageToPush, { dependencies, options }: Pushing): Promise<string> {
  const { docker } = dependencies;
  await told(
    { id: `image ${image.reference}`, title: `Build image ${image.reference}`, because: "its assets are uploaded" },
    { dependencies, options },
    (onLine) => buildImage(image, docker, { signal: options.signal, onLine }),
  );
  for (const reference of [image.reference, ...(image.alsoKnownAs ?? [])])
    await told(
      { id: `push ${reference}`, title: `Push ${reference}`, because: "its assets are uploaded" },
      { dependencies, options },
      (onLine) => push(reference, { dependencies, options }, onLine),
    );
  return pushedReference(repository, choice, await digestOf(repository, image.reference, docker));
}

async function push(reference: string, { dependencies, options }: Pushing, onLine: (line: string) => void): Promise<void> {
  const last: string[] = [];
  const result = await dependencies.docker(["push", ...(dependencies.ci ? ["--quiet"] : []), reference], {
    signal: options.signal,
    onLine: (written) => {
      const line = stripVTControlCharacters(written).trim();
      if (line === "") return;
      last.push(line);
      if (last.length > toldLines) last.shift();
      onLine(line);
    },
  });
  if (result.code === 0) return;
  throw new Problem("image-push", `push ${reference}: docker push ended with ${result.code}\n${last.join("\n")}`, {
    hint: "run the same again: what was pushed already is not pushed twice",
  });
}

/** The digest by which a repository knows an image that was pushed to it. */
async function digestOf(repository: string, reference: string, docker: DockerCommand): Promise<string> {
  const result = await docker(["image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", reference]);
  // The same image may have been pushed elsewhere before, with another digest there.
  const own = result.stdout.split("\n").find((line) => line.startsWith(`${repository}@`));
  if (own !== undefined) return own.slice(repository.length + 1).trim();
  throw new Problem("image-digest", `read the digest of ${reference}: the engine has none for ${repository}`, {
    hint: "run the same again",
  });
}

async function told(
  step: { readonly id: string; readonly title: string; readonly because: string },
  { dependencies, options }: Pushing,
  work: (onLine: (line: string) => void) => Promise<void>,
): Promise<void> {
  const say = (status: "started" | "progressed" | "succeeded" | "failed", detail?: string): void =>
    options.tell({ type: "step", ...step, status, at: dependencies.now().toISOString(), ...(detail === undefined ? {} : { detail }) });
  say("started");
  try {
    await work((line) => say("progressed", line));
  } catch (error) {
    say("failed", error instanceof Error ? error.message.split("\n")[0] : undefined);
    throw error;
  }
  say("succeeded");
}
