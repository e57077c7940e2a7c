import type { LogRouterSpec } from "../../../../model/workload-spec.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { ECSTaskDefinitionContainerDefinition, ECSTaskDefinitionLogConfiguration } from "../../cloudformation/resource-types.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import { logRouterName } from "./ecs-workload.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { injectedVariables, manifestVariables } from "./environment-variables.ts";
import { environmentFile } from "./environment-file.ts";
import { awsLogs } from "./log-group.ts";
import { unlessEmpty } from "./naming.ts";
import { manifestSecrets } from "./secrets.ts";

/** Sends a container's output to the log router. */
export const logRouterOutput = (router: LogRouterSpec): ECSTaskDefinitionLogConfiguration => ({
  LogDriver: "awsfirelens",
  Options: unlessEmpty(router.destination),
  SecretOptions: unlessEmpty(manifestSecrets(router.secretOptions)),
});

/** The FireLens container, when the manifest routes logs. */
export function logRouterContainer(workload: EcsWorkload): readonly ECSTaskDefinitionContainerDefinition[] {
  const router = workload.task.logRouter;
  if (router === undefined) return [];
  return [
    {
      Name: logRouterName,
      Image: asWritten(router.image),
      Environment: [...injectedVariables(workload), ...manifestVariables(router.variables)],
      EnvironmentFiles: [environmentFile("HasLoggingEnvFile", "LoggingEnvFileARN")],
      Secrets: unlessEmpty(manifestSecrets(router.secrets)),
      FirelensConfiguration: { Type: "fluentbit", Options: fireLensOptions(router) },
      LogConfiguration: awsLogs,
    },
  ];
}

const fireLensOptions = (router: LogRouterSpec): Readonly<Record<string, Text>> => ({
  "enable-ecs-log-metadata": String(router.enableMetadata),
  ...(router.configFilePath === undefined ? {} : { "config-file-type": "file", "config-file-value": asWritten(router.configFilePath) }),
});
