import type { ContainerSpec, MountPoint, TaskSpec, VolumeSpec, WorkloadSpec } from "../../../model/workload-spec.ts";
import type { WorkloadAssets } from "../../target.ts";
import type { ContainerDocument, TaskDocument, VolumeDocument } from "../stack-document.ts";
import { toEnginePlatform } from "./engine-platform.ts";
import { readEnvFile } from "./env-file.ts";
import { internalName, publicName } from "./names.ts";
import { stopTimeoutPath } from "./notices.ts";
import { toSecretName } from "./secret-name.ts";

/** Seconds between asking a container to stop and ending it, where nothing else is said: the default of ECS. */
const defaultStopTimeout = 30;

/** Volume → path, with keys in order, as the variable of that name has it. */
const toMountPointsVariable = (mountPoints: readonly MountPoint[]): string =>
  JSON.stringify(
    Object.fromEntries(mountPoints.map(({ volume, path }) => [volume, path] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );

function injectedVariables(spec: WorkloadSpec, container: ContainerSpec): Readonly<Record<string, string>> {
  const { application, environment, name, http } = spec;
  return {
    COPILOT_APPLICATION_NAME: application,
    COPILOT_ENVIRONMENT_NAME: environment,
    COPILOT_SERVICE_NAME: name,
    COPILOT_SERVICE_DISCOVERY_ENDPOINT: `${environment}.${application}.local`,
    ...(http === undefined ? {} : { COPILOT_LB_DNS: http.scope === "internal" ? internalName(spec) : publicName(spec) }),
    ...(container.mountPoints.length === 0 ? {} : { COPILOT_MOUNT_POINTS: toMountPointsVariable(container.mountPoints) }),
  };
}

function toEnvironment(spec: WorkloadSpec, container: ContainerSpec, assets: WorkloadAssets): Readonly<Record<string, string>> {
  const file = container.envFile === undefined ? "" : assets.envFiles[container.envFile];
  if (file === undefined) throw new Error(`The env file ${container.envFile} of ${container.name} was not read.`);
  const own = Object.entries(container.variables).flatMap(([name, value]) => (value.kind === "value" ? [[name, value.value]] : []));
  // What the manifest says wins over the file, as on ECS.
  return { ...readEnvFile(file), ...injectedVariables(spec, container), ...Object.fromEntries(own) };
}

function toImage(container: ContainerSpec, assets: WorkloadAssets): string {
  const image = assets.images[container.name] ?? (container.image.kind === "location" ? container.image.location : undefined);
  if (image === undefined) throw new Error(`The image of ${container.name} was not built.`);
  return image;
}

function stopTimeoutOf(task: TaskSpec, index: number): number {
  const override = task.taskDefinitionOverrides.find(({ path }) => stopTimeoutPath.exec(path)?.[1] === String(index));
  return typeof override?.value === "number" ? override.value : defaultStopTimeout;
}

function toContainer(
  spec: WorkloadSpec,
  task: TaskSpec,
  assets: WorkloadAssets,
): (container: ContainerSpec, index: number) => ContainerDocument {
  const platform = task.platform === undefined ? undefined : toEnginePlatform(task.platform);
  return (container, index) => ({
    name: container.name,
    image: toImage(container, assets),
    essential: container.essential,
    ports: container.ports.map(({ port, protocol }) => ({ port, protocol })),
    ...(container.entrypoint === undefined ? {} : { entrypoint: container.entrypoint }),
    ...(container.command === undefined ? {} : { command: container.command }),
    environment: toEnvironment(spec, container, assets),
    secrets: Object.fromEntries(Object.entries(container.secrets).map(([variable, source]) => [variable, toSecretName(source)])),
    ...(container.healthCheck === undefined ? {} : { healthCheck: container.healthCheck }),
    dependsOn: container.dependsOn,
    mounts: container.mountPoints.map(({ volume, path, readOnly }) => ({ volume, path, readOnly })),
    labels: container.labels,
    readonlyRootFilesystem: index === 0 && task.readonlyRootFilesystem,
    stopTimeout: stopTimeoutOf(task, index),
    ...(platform === undefined ? {} : { platform }),
  });
}

/** A key that a volume's name on the engine may hold. */
const toKey = (text: string): string => text.replaceAll(/[^\w.-]+/g, "-");

function toVolume(volume: VolumeSpec, workload: string): VolumeDocument {
  const { name } = volume;
  if (volume.kind === "scratch") return { name, kind: "scratch" };
  if (volume.kind === "managed") {
    const owner = volume.uid === undefined || volume.gid === undefined ? {} : { uid: volume.uid, gid: volume.gid };
    return { name, kind: "kept", key: `managed-${workload}`, ...owner };
  }
  const key = toKey(volume.id.kind === "value" ? volume.id.value : volume.id.exportName);
  const directory = (volume.rootDirectory ?? "").replaceAll(/^\/+|\/+$/g, "");
  return { name, kind: "kept", key, ...(directory === "" ? {} : { directory }) };
}

/** The task of a workload: containers with resolved images, variables with what is injected, secrets by name, volumes. */
export function compileTask(spec: WorkloadSpec, task: TaskSpec, assets: WorkloadAssets): TaskDocument {
  return {
    containers: task.containers.map(toContainer(spec, task, assets)),
    cpu: task.cpu,
    memory: task.memory,
    volumes: task.volumes.map((volume) => toVolume(volume, spec.name)),
    exec: task.exec,
  };
}
