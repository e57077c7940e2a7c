import { either } from "../../manifest/schema/alternatives.ts";
import { list } from "../../manifest/schema/collections.ts";
import { optional, required, expected } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { anything, choice, flag, integer, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { ContainerSpec, TaskSpec } from "../../model/workload-spec.ts";
import type { WorkloadType } from "../../model/names.ts";
import { checkCount, count } from "./count.ts";
import type { ScalingMetrics } from "./count.ts";
import { checkDependencies } from "./dependencies.ts";
import { imageWithPort, requireOneSource, toHealthCheck, toImageSource } from "./image.ts";
import { defaultRetentionDays, logging, toLogRouter } from "./logging.ts";
import { network } from "./network.ts";
import { checkPlatform, isArm, isWindows, platform, toPlatform } from "./platform.ts";
import type { ExposedPorts } from "./ports.ts";
import { publish } from "./publish.ts";
import { checkSidecars, sidecars, toSidecars } from "./sidecars.ts";
import { checkStorage, isKept, storage, toMountPoints, toVolumes } from "./storage.ts";
import { commandLine, envFile, given, secrets, toSecrets, toVariables, toWords, variables } from "./values.ts";

/** Name of the container that routes logs. */
export const logRouterName = "firelens_log_router";

/** Fields of every manifest of a workload. */
export const identityFields = <T extends WorkloadType>(type: T) => ({
  name: expected(text({ noun: "a name" }), "Name of the workload: that of its folder under `copilot/`."),
  type: expected(choice([type]), "Type of the workload."),
});

const override = record({
  path: required(
    text({ noun: "a path", problem: overrideProblem }),
    "Path in the task definition, such as `ContainerDefinitions[0].Ulimits[-].Name`.",
    {
      docker: "notice",
    },
  ),
  value: optional(anything(), "Value to set there.", { docker: "notice" }),
});

function overrideProblem(path: string): string | undefined {
  return path === "Family" || /^ContainerDefinitions\[\d+\].Name$/.test(path)
    ? `\`${path}\` cannot be overridden: other resources refer to it.`
    : undefined;
}

/** Fields of every workload that runs as tasks. */
export const taskFields = {
  entrypoint: optional(commandLine, "Replaces the image's entry point: a line, or a list of words."),
  command: optional(commandLine, "Replaces the image's command: a line, or a list of words."),
  cpu: optional(integer(), "CPU units of a task; 1024 are one processor.", { documentedDefault: 256 }),
  memory: optional(integer(), "Memory of a task in MiB.", { documentedDefault: 512 }),
  platform: optional(platform, "Operating system and processor: `os/architecture`, or a map.", { documentedDefault: "linux/x86_64" }),
  count: optional(count, "How many tasks run: a number, or a map.", { documentedDefault: 1 }),
  exec: optional(
    either(flag(), record({ enable: optional(flag(), "Allows commands; any value does, also `false`.") })),
    "Allows commands to be run in the containers.",
    { documentedDefault: false },
  ),
  variables: optional(variables, "Environment variables of the main container."),
  env_file: optional(envFile, "Path of an environment file, from the workspace root."),
  secrets: optional(secrets, "Secrets of the main container by the variable that receives each."),
  storage: optional(storage, "What the task stores."),
  logging: optional(logging, "Where the task's logs go."),
  sidecars: optional(sidecars, "Containers beside the main one, by name."),
  network: optional(network, "The workload's network."),
  publish: optional(publish, "Topics that the workload publishes to."),
  taskdef_overrides: optional(list(override), "Edits of the rendered task definition.", { docker: "notice" }),
};

const taskSchema = record({ name: optional(text(), ""), ...taskFields, image: optional(imageWithPort, "") });

/** What tasks have in common, whatever the type. */
export type TaskManifest = Infer<typeof taskSchema>;

/** What a task has to satisfy, whatever the type. */
export const checkTask =
  (metrics: ScalingMetrics) =>
  (manifest: TaskManifest, findings: Findings): void => {
    if (manifest.image !== undefined) requireOneSource(manifest.image, ["image"], findings);
    checkPlatform(manifest.platform, findings);
    checkCount(manifest.count, metrics, findings);
    checkStorage(manifest.storage, findings);
    checkSidecars(manifest.sidecars, findings);
    checkContainers(manifest, findings);
    checkWindows(manifest, findings);
    checkArm(manifest, findings);
    if (typeof manifest.exec === "object" && manifest.exec.enable === false)
      findings.warning(
        ["exec", "enable"],
        "`exec` as a map allows commands whatever it says, as it always did.",
        "Write `exec: false` to forbid them.",
      );
  };

function checkContainers(manifest: TaskManifest, findings: Findings): void {
  const router = toLogRouter(manifest.logging);
  checkDependencies(
    [
      { name: manifest.name ?? "", essential: true, dependsOn: manifest.image?.depends_on ?? {}, at: ["image", "depends_on"] },
      ...(router === undefined ? [] : [{ name: logRouterName, essential: false, dependsOn: {}, at: ["logging"] }]),
      ...Object.entries(manifest.sidecars ?? {}).map(([name, entry]) => ({
        name,
        essential: entry.essential ?? true,
        dependsOn: entry.depends_on ?? {},
        at: ["sidecars", name, "depends_on"],
      })),
    ],
    findings,
  );
}

function checkWindows(manifest: TaskManifest, findings: Findings): void {
  if (!isWindows(manifest.platform)) return;
  if (manifest.storage?.readonly_fs === true)
    findings.error(["storage", "readonly_fs"], "A Windows container cannot have a read-only root file system.");
  for (const [name, volume] of Object.entries(manifest.storage?.volumes ?? {}))
    if (isKept(volume)) findings.error(["storage", "volumes", name, "efs"], "A Windows container cannot mount EFS volumes.");
}

function checkArm(manifest: TaskManifest, findings: Findings): void {
  if (!isArm(manifest.platform) || typeof manifest.count !== "object") return;
  const { spot, range } = manifest.count;
  if (spot !== undefined) findings.error(["count", "spot"], "ARM tasks cannot run on spare capacity.");
  if (typeof range === "object" && range.spot_from !== undefined)
    findings.error(["count", "range", "spot_from"], "ARM tasks cannot run on spare capacity.");
}

/** Service Connect is not there for Windows. */
export function checkWindowsConnect(manifest: TaskManifest, findings: Findings): void {
  const connect = manifest.network?.connect;
  if (isWindows(manifest.platform) && connect !== undefined && connect !== false)
    findings.error(["network", "connect"], "Windows containers cannot use Service Connect.");
}

/** The spec's form of a checked task; `ports` holds every port that something reaches. */
export function toTask(manifest: TaskManifest, name: string, ports: ExposedPorts): TaskSpec {
  const ephemeral = manifest.storage?.ephemeral;
  const readonly = manifest.storage?.readonly_fs;
  return {
    containers: [toMainContainer(manifest, name, ports), ...toSidecars(manifest.sidecars, ports)],
    cpu: manifest.cpu ?? 256,
    memory: manifest.memory ?? 512,
    ...given("platform", toPlatform(manifest.platform)),
    // 20 GiB is what every task has; asking for exactly that is refused by ECS.
    ...given("ephemeralStorage", ephemeral === 20 ? undefined : ephemeral),
    readonlyRootFilesystem: readonly ?? false,
    ...(readonly === undefined ? {} : { readonlyRootFilesystemStated: true }),
    volumes: toVolumes(manifest.storage, name),
    exec: manifest.exec === true || typeof manifest.exec === "object",
    logRetentionDays: manifest.logging?.retention ?? defaultRetentionDays,
    ...given("logRouter", toLogRouter(manifest.logging)),
    taskDefinitionOverrides: (manifest.taskdef_overrides ?? []).map(({ path, value }) => ({ path, value })),
  };
}

function toMainContainer(manifest: TaskManifest, name: string, ports: ExposedPorts): ContainerSpec {
  const image = manifest.image ?? {};
  return {
    name,
    image: toImageSource(image, image.credentials),
    essential: true,
    ...given("ownPort", image.port),
    ports: ports.all.filter((entry) => entry.container === name).map(({ port, protocol }) => ({ port, protocol })),
    ...given("entrypoint", manifest.entrypoint === undefined ? undefined : toWords(manifest.entrypoint)),
    ...given("command", manifest.command === undefined ? undefined : toWords(manifest.command)),
    variables: toVariables(manifest.variables),
    secrets: toSecrets(manifest.secrets),
    ...given("envFile", manifest.env_file),
    ...given("healthCheck", toHealthCheck(image.healthcheck)),
    dependsOn: image.depends_on ?? {},
    mountPoints: toMountPoints(manifest.storage),
    labels: image.labels ?? {},
  };
}
