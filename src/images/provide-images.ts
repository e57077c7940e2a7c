import type { Notice, StepProgress } from "../model/deployment.ts";
import { settleAll } from "../model/settle-all.ts";
import type { ContainerSpec, WorkloadSpec } from "../model/workload-spec.ts";
import type { DockerCommand } from "../targets/docker/docker-command.ts";
import { toEnginePlatform } from "../targets/docker/compile/engine-platform.ts";
import type { ImageReferences } from "../targets/target.ts";
import { buildImage, type ImageToBuild } from "./build-image.ts";
import type { FileHashes } from "./file-hashes.ts";
import { fingerprintBuild } from "./fingerprint.ts";
import { imageReference, imageRepository, toImageTag } from "./image-reference.ts";

/** What building works with. */
export interface ImageDependencies {
  readonly docker: DockerCommand;
  readonly hashes: FileHashes;
  /** Which of the references the engine has. */
  readonly present: (references: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly now: () => Date;
}

/** How a workload's images are wanted. */
export interface ProvideOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** A further tag for what is built. */
  readonly tag?: string;
  /** False names the images without building any. */
  readonly build: boolean;
  readonly signal: AbortSignal;
  readonly tell: (event: StepProgress | Notice) => void;
}

/** Names a workload's images by container, and makes sure that the engine has those that are built. */
export type ImageProvider = (spec: WorkloadSpec, options: ProvideOptions) => Promise<ImageReferences>;

async function toImageToBuild(
  spec: WorkloadSpec,
  container: ContainerSpec,
  context: { readonly root: string; readonly hashes: FileHashes },
): Promise<ImageToBuild | undefined> {
  if (container.image.kind !== "build") return undefined;
  const platform = spec.task?.platform === undefined ? undefined : toEnginePlatform(spec.task.platform);
  const of = { root: context.root, build: container.image.build, ...(platform === undefined ? {} : { platform }) };
  const fingerprint = await fingerprintBuild({ ...of, workload: spec.name }, context.hashes);
  return { ...of, reference: imageReference(imageRepository(spec, container.name), fingerprint) };
}

/**
 * Builds images on the engine that `docker` points at, each once for its fingerprint however many workloads and environments want it;
 * those that the engine has already are only named.
 */
export function createImageProvider(dependencies: ImageDependencies): ImageProvider {
  const { docker, hashes, present, now } = dependencies;
  const underWay = new Map<string, Promise<void>>();

  async function build(image: ImageToBuild, options: ProvideOptions): Promise<void> {
    const step = { type: "step", id: `image ${image.reference}`, title: `Build image ${image.reference}` } as const;
    const say = (status: StepProgress["status"], detail?: string): void =>
      options.tell({
        ...step,
        because: "the engine has none of these files",
        status,
        ...(detail === undefined ? {} : { detail }),
        at: now().toISOString(),
      });
    say("started");
    try {
      await buildImage(image, docker, { signal: options.signal, onLine: (line) => say("progressed", line) });
    } catch (error) {
      say("failed", error instanceof Error ? error.message.split("\n")[0] : undefined);
      throw error;
    }
    say("succeeded");
  }

  function buildOnce(image: ImageToBuild, options: ProvideOptions): Promise<void> {
    const known = underWay.get(image.reference) ?? build(image, options);
    underWay.set(image.reference, known);
    return known;
  }

  async function tagAll(references: readonly string[], tag: string | undefined): Promise<void> {
    if (tag === undefined) return;
    await Promise.all(
      references.map((reference) => docker(["tag", reference, `${reference.slice(0, reference.lastIndexOf(":"))}:${toImageTag(tag)}`])),
    );
  }

  return async (spec, options) => {
    const containers = spec.task?.containers ?? [];
    const found = await settleAll(containers.map((container) => toImageToBuild(spec, container, { root: options.root, hashes })));
    const wanted = found.filter((image) => image !== undefined);
    if (options.build && wanted.length > 0) {
      const references = wanted.map(({ reference }) => reference);
      const there = await present(references);
      await settleAll(wanted.filter(({ reference }) => !there.has(reference)).map((image) => buildOnce(image, options)));
      await tagAll(references, options.tag);
    }
    const named = containers.map((container, index) => [
      container.name,
      found[index]?.reference ?? (container.image.kind === "location" ? container.image.location : ""),
    ]);
    return Object.fromEntries(named);
  };
}
