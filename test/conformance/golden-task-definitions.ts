import type { TaskDefinitionOverride } from "../../src/model/workload-spec.ts";

const ulimits: TaskDefinitionOverride = { path: "ContainerDefinitions[0].Ulimits[-].HardLimit", value: { Ref: "ParamName" } };
const extraPort: TaskDefinitionOverride = { path: "ContainerDefinitions[0].PortMappings[-].ContainerPort", value: 5000 };
const compatibility: TaskDefinitionOverride = { path: "RequiresCompatibilities[-]", value: "EC2" };
const capabilities: readonly TaskDefinitionOverride[] = [
  { path: "ContainerDefinitions[0].LinuxParameters.Capabilities.Add", value: ["AUDIT_CONTROL", "AUDIT_WRITE"] },
  { path: "ContainerDefinitions[0].LinuxParameters.Capabilities.InitProcessEnabled", value: true },
];

/** The template that every override of a golden edits. */
export const goldenTaskDefinition = "taskdef-overrides/original/backend_svc.yml";

/** By the file that they must give. */
export const goldenTaskDefinitionOverrides: Readonly<Record<string, readonly TaskDefinitionOverride[]>> = {
  "taskdef-overrides/outputs/ulimits.yml": [ulimits],
  "taskdef-overrides/outputs/extra_port.yml": [extraPort],
  "taskdef-overrides/outputs/requires_compatibilities.yml": [compatibility],
  "taskdef-overrides/outputs/linux_parameters.yml": capabilities,
  "taskdef-overrides/outputs/loggroup.yml": [
    {
      path: "ContainerDefinitions[0].LogConfiguration.Options.awslogs-group",
      value: "/copilot/${COPILOT_APPLICATION_NAME}-${COPILOT_ENVIRONMENT_NAME}",
    },
  ],
  "taskdef-overrides/outputs/multiple_overrides.yml": [ulimits, extraPort, ...capabilities, compatibility],
};
