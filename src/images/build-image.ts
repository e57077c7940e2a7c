import { stripVTControlCharacters } from "node:util";
import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import type { ImageBuild } from "../model/workload-spec.ts";
import type { DockerCommand, DockerResult } from "../targets/docker/docker-command.ts";

/** An image to be built. */
export interface ImageToBuild {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly build: ImageBuild;
  readonly platform?: string;
  readonly reference: string;
  /** Names of the same image besides its reference. */
  readonly alsoKnownAs?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** Lines of a failed build that go into the error. */
const toldLines = 20;

/** The arguments of `docker build`: what every engine since 20.10 and every `docker` command knows, with or without buildx. */
export function buildArguments(image: ImageToBuild): readonly string[] {
  const { root, build, platform, reference, alsoKnownAs = [], labels = {} } = image;
  const pairs = (flag: string, values: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(values)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return ["build", "--tag", reference].concat(
    alsoKnownAs.flatMap((other) => ["--tag", other]),
    ["--file", join(root, build.dockerfile)],
    build.target === undefined ? [] : ["--target", build.target],
    pairs("--build-arg", build.args),
    pairs("--label", labels),
    build.cacheFrom.flatMap((image) => ["--cache-from", image]),
    platform === undefined ? [] : ["--platform", platform],
    [join(root, build.context)],
  );
}

const lacksBuildx = ({ stderr }: DockerResult): boolean => /buildx component is missing or broken/.test(stderr);

/** Lines, without their indentation, that a `docker` without BuildKit says before every build: nothing that has to do with the image. */
const builderAdvice: readonly string[] = [
  "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.",
  "Install the buildx component to build images with BuildKit:",
  "https://docs.docker.com/go/buildx/",
  "BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0",
  "environment-variable.",
];

/** What builders of Docker say where a program of another processor is to be run. */
const foreignProgram = /exec format error|does not match the specified platform|was found but does not provide the specified platform/;

/** What to do about a failed build. */
function hintOf({ platform }: ImageToBuild, lines: readonly string[], args: readonly string[]): string {
  if (platform !== undefined && lines.some((line) => foreignProgram.test(line)))
    return `the manifest asks for ${platform}: give the engine an emulator of it, or leave \`platform\` out for this environment`;
  return `docker ${args.map((arg) => (/^[\w./:=@,+-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(" ")}`;
}

/** Builds an image, telling each line. Rejects with a Problem that ends with the build's last lines. */
export async function buildImage(
  image: ImageToBuild,
  docker: DockerCommand,
  options: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
): Promise<void> {
  const last: string[] = [];
  const onLine = (written: string): void => {
    const line = stripVTControlCharacters(written);
    if (line.trim() === "" || builderAdvice.includes(line.trim())) return;
    last.push(line);
    if (last.length > toldLines) last.shift();
    options.onLine(line);
  };
  const args = buildArguments(image);
  let result = await docker(args, { signal: options.signal, onLine });
  // Whoever asks for BuildKit without having it still gets an image.
  if (result.code !== 0 && lacksBuildx(result))
    result = await docker(args, { signal: options.signal, onLine, variables: { DOCKER_BUILDKIT: "0" } });
  if (result.code === 0) return;
  throw new Problem(
    "image-build",
    `The image ${image.reference} could not be built: docker build ended with ${result.code}\n${last.join("\n")}`,
    { hint: hintOf(image, last, args) },
  );
}
