import type { ContainerDocument, TaskDocument, VolumeDocument } from "../../targets/docker/stack-document.ts";
import type { Engine, EngineMount } from "../engine/engine.ts";
import { environmentLabels, keptVolumeName, labelNames, taskName, workloadLabels, type WorkloadKey } from "../object-names.ts";

/** What the volumes of a task are made with. */
export interface VolumeMaker {
  readonly engine: Engine;
  readonly instance: string;
  /** Has `node`. */
  readonly baseImage: string;
}

/** Where a volume of the task comes from on the engine. */
interface VolumeSource {
  readonly kind: EngineMount["kind"];
  readonly source: string;
  readonly withoutCopy: boolean;
}

/** Makes the task's volumes and gives the mounts of each container by its name. Idempotent. */
export async function ensureTaskVolumes(
  maker: VolumeMaker,
  key: WorkloadKey,
  request: { readonly id: string; readonly task: TaskDocument },
): Promise<Readonly<Record<string, readonly EngineMount[]>>> {
  const sources = new Map<string, VolumeSource>();
  for (const volume of request.task.volumes) {
    const source =
      volume.kind === "scratch" ? await scratchSource(maker, key, { id: request.id, volume }) : await keptSource(maker, key, volume);
    sources.set(volume.name, source);
  }
  return Object.fromEntries(request.task.containers.map((container) => [container.name, toMounts(container, sources)]));
}

function toMounts(container: ContainerDocument, sources: ReadonlyMap<string, VolumeSource>): readonly EngineMount[] {
  return container.mounts.flatMap((mount) => {
    const source = sources.get(mount.volume);
    return source ? [{ ...source, target: mount.path, readOnly: mount.readOnly }] : [];
  });
}

async function scratchSource(
  maker: VolumeMaker,
  key: WorkloadKey,
  { id, volume }: { readonly id: string; readonly volume: VolumeDocument },
): Promise<VolumeSource> {
  const name = `${taskName(maker.instance, key, id)}-${volume.name}`;
  await maker.engine.createVolume(name, {
    ...workloadLabels(maker.instance, key),
    [labelNames.task]: id,
    [labelNames.role]: "volume",
  });
  return { kind: "volume", source: name, withoutCopy: false };
}

async function keptSource(
  maker: VolumeMaker,
  key: WorkloadKey,
  volume: Extract<VolumeDocument, { readonly kind: "kept" }>,
): Promise<VolumeSource> {
  const name = keptVolumeName(maker.instance, key, volume.key);
  const made = await maker.engine.createVolume(name, {
    ...environmentLabels(maker.instance, key),
    [labelNames.role]: "volume",
    [labelNames.key]: volume.key,
  });
  const directory = (volume.directory ?? "").replace(/^\/+|\/+$/g, "");
  if (directory === "" && volume.uid === undefined) return { kind: "volume", source: name, withoutCopy: true };
  await prepareDirectory(maker, key, { name, directory, volume });
  if (directory === "") return { kind: "volume", source: name, withoutCopy: true };
  return { kind: "bind", source: `${made.mountpoint}/${directory}`, withoutCopy: true };
}

/** Runs inside the engine, where the volume's files are: the control plane may be on another machine than its host's folders. */
const prepareProgram = `
const fs = require("node:fs");
const [path, uid, gid] = process.argv.slice(1);
const fresh = !fs.existsSync(path);
fs.mkdirSync(path, { recursive: true });
if (uid !== "" && (fresh || fs.readdirSync(path).length === 0)) fs.chownSync(path, Number(uid), Number(gid));
`;

async function prepareDirectory(
  maker: VolumeMaker,
  key: WorkloadKey,
  request: {
    readonly name: string;
    readonly directory: string;
    readonly volume: Extract<VolumeDocument, { readonly kind: "kept" }>;
  },
): Promise<void> {
  const { engine } = maker;
  const { volume, name, directory } = request;
  const uid = volume.uid === undefined ? "" : String(volume.uid);
  const setup = await engine.createContainer({
    name: `${name}.setup-${Math.random().toString(36).slice(2, 8)}`,
    image: maker.baseImage,
    labels: { ...environmentLabels(maker.instance, key), [labelNames.role]: "volume-setup" },
    entrypoint: ["node"],
    command: ["-e", prepareProgram, `/volume/${directory}`, uid, String(volume.gid ?? volume.uid ?? "")],
    network: { kind: "none" },
    mounts: [{ kind: "volume", source: name, target: "/volume", readOnly: false, withoutCopy: true }],
    restart: "no",
  });
  try {
    await engine.startContainer(setup);
    const exitCode = await engine.waitContainer(setup);
    if (exitCode !== 0)
      throw new Error(`The folder ${directory || "/"} of volume ${volume.key} could not be made ready (exit code ${exitCode}).`);
  } finally {
    await engine.removeContainer(setup);
  }
}
