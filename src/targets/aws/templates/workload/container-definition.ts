import type { ContainerSpec } from "../../../../model/workload-spec.ts";
import { ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import type {
  ECSTaskDefinitionContainerDefinition,
  ECSTaskDefinitionContainerDependency,
  ECSTaskDefinitionHealthCheck,
  ECSTaskDefinitionMountPoint,
  ECSTaskDefinitionPortMapping,
  ECSTaskDefinitionSecret,
} from "../../cloudformation/resource-types.ts";
import { mainContainer, sidecars } from "./ecs-workload.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { injectedVariables, manifestVariables, mountPointVariable } from "./environment-variables.ts";
import { environmentFile } from "./environment-file.ts";
import { awsLogs } from "./log-group.ts";
import { logRouterContainer, logRouterOutput } from "./log-router.ts";
import { sortedEntries, toLogicalId, toVariableName, unlessEmpty } from "./naming.ts";
import { addonsOutput, manifestSecrets } from "./secrets.ts";
import { connectServer } from "./service-connect.ts";
import { tracingContainer } from "./tracing.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** Every container of a workload's task: the main one, the log router, the trace collector, then the sidecars. */
export const containerDefinitions = (workload: EcsWorkload): readonly ECSTaskDefinitionContainerDefinition[] => [
  mainContainerDefinition(workload),
  ...logRouterContainer(workload),
  ...tracingContainer(workload.spec),
  ...sidecars(workload.task).map((sidecar) => sidecarDefinition(workload, sidecar)),
];

function mainContainerDefinition(workload: EcsWorkload): ECSTaskDefinitionContainerDefinition {
  const { spec, task } = workload;
  const container = mainContainer(task);
  const isReachable = spec.type === "Load Balanced Web Service" || spec.type === "Backend Service";
  return {
    Name: ref("WorkloadName"),
    Image: ref("ContainerImage"),
    ...sharedProperties(container),
    Secrets: unlessEmpty([...manifestSecrets(container.secrets), ...addonSecrets(workload)]),
    Environment: [...injectedVariables(workload), ...manifestVariables(container.variables), ...mountPointVariable(container)],
    EnvironmentFiles: [environmentFile("HasEnvFile", "EnvFileARN")],
    LogConfiguration: task.logRouter === undefined ? awsLogs : logRouterOutput(task.logRouter),
    PortMappings: isReachable ? unlessEmpty(portMappings(workload, container)) : undefined,
    ReadonlyRootFilesystem:
      task.readonlyRootFilesystem || task.readonlyRootFilesystemStated === true ? task.readonlyRootFilesystem : undefined,
  };
}

function sidecarDefinition(workload: EcsWorkload, container: ContainerSpec): ECSTaskDefinitionContainerDefinition {
  const id = toLogicalId(container.name);
  return {
    Name: container.name,
    Image: workload.facts.images[container.name] ?? locationOf(container),
    Essential: container.essentialStated === true || !container.essential ? container.essential : undefined,
    ...sharedProperties(container),
    Secrets: unlessEmpty(manifestSecrets(container.secrets)),
    Environment: [...injectedVariables(workload), ...manifestVariables(container.variables), ...mountPointVariable(container)],
    EnvironmentFiles: [environmentFile(`HasEnvFileFor${id}`, `EnvFileARNFor${id}`)],
    LogConfiguration: awsLogs,
    PortMappings: unlessEmpty(portMappings(workload, container)),
  };
}

/** Empty for an image that is not built yet. */
const locationOf = ({ image }: ContainerSpec): Text => (image.kind === "location" ? asWritten(image.location) : "");

const sharedProperties = (container: ContainerSpec): Partial<ECSTaskDefinitionContainerDefinition> => ({
  EntryPoint: unlessEmpty((container.entrypoint ?? []).map(asWritten)),
  Command: unlessEmpty((container.command ?? []).map(asWritten)),
  DockerLabels: unlessEmpty(container.labels),
  DependsOn: unlessEmpty(
    sortedEntries(container.dependsOn).map(([name, condition]): ECSTaskDefinitionContainerDependency => ({
      Condition: condition,
      ContainerName: name,
    })),
  ),
  HealthCheck: healthCheck(container),
  RepositoryCredentials:
    container.image.credentials !== undefined ? { CredentialsParameter: asWritten(container.image.credentials) } : undefined,
  MountPoints: unlessEmpty(
    container.mountPoints.map(({ volume, path, readOnly }): ECSTaskDefinitionMountPoint => ({
      ContainerPath: path,
      ReadOnly: readOnly,
      SourceVolume: volume,
    })),
  ),
});

function healthCheck({ healthCheck }: ContainerSpec): ECSTaskDefinitionHealthCheck | undefined {
  if (healthCheck === undefined) return undefined;
  return {
    Command: healthCheck.command,
    Interval: wholeSeconds(healthCheck.interval),
    Retries: healthCheck.retries,
    StartPeriod: wholeSeconds(healthCheck.startPeriod),
    Timeout: wholeSeconds(healthCheck.timeout),
  };
}

/** The port by which other services connect has a name. */
function portMappings(workload: EcsWorkload, container: ContainerSpec): readonly ECSTaskDefinitionPortMapping[] {
  const server = connectServer(workload);
  return container.ports.map(({ port, protocol }) => ({
    ContainerPort: port,
    Protocol: protocol,
    Name: server?.container === container.name && server.port === port ? "target" : undefined,
  }));
}

const addonSecrets = ({ facts }: EcsWorkload): readonly ECSTaskDefinitionSecret[] =>
  (facts.addons?.secrets ?? []).map((output) => ({ Name: toVariableName(output), ValueFrom: addonsOutput(output) }));
