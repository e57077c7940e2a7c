import type { ValueOrImport, VolumeSpec } from "../../../../model/workload-spec.ts";
import { getAtt, join, ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { ECSTaskDefinitionRuntimePlatform, ECSTaskDefinitionVolume } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import { containerDefinitions } from "./container-definition.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { unlessEmpty } from "./naming.ts";
import { toText } from "./secrets.ts";

/** The size that Fargate gives every task, which a template may not ask for. */
const defaultEphemeralStorage = 20;

/** What a task of the workload is made of. */
export function taskDefinition(workload: EcsWorkload): Resources {
  const { task } = workload;
  const { ephemeralStorage } = task;
  return {
    TaskDefinition: resource(
      "AWS::ECS::TaskDefinition",
      {
        Family: join("", [ref("AppName"), "-", ref("EnvName"), "-", ref("WorkloadName")]),
        RuntimePlatform: runtimePlatform(workload),
        NetworkMode: "awsvpc",
        RequiresCompatibilities: ["FARGATE"],
        Cpu: ref("TaskCPU"),
        Memory: ref("TaskMemory"),
        EphemeralStorage:
          ephemeralStorage === undefined || ephemeralStorage === defaultEphemeralStorage ? undefined : { SizeInGiB: ephemeralStorage },
        ExecutionRoleArn: getAtt("ExecutionRole", "Arn"),
        TaskRoleArn: getAtt("TaskRole", "Arn"),
        ContainerDefinitions: containerDefinitions(workload),
        Volumes: unlessEmpty(volumes(task.volumes)),
      },
      { description: "An ECS task definition that groups your containers", dependsOn: "LogGroup" },
    ),
  };
}

function runtimePlatform({ task: { platform } }: EcsWorkload): ECSTaskDefinitionRuntimePlatform | undefined {
  if (platform === undefined || (platform.osFamily === "LINUX" && platform.architecture === "X86_64")) return undefined;
  return { OperatingSystemFamily: platform.osFamily, CpuArchitecture: platform.architecture };
}

/** The Fargate platform version: Windows tasks have one of their own. */
export const platformVersion = ({ task }: EcsWorkload): string =>
  task.platform?.osFamily.startsWith("WINDOWS") === true ? "1.0.0" : "LATEST";

const rank = (volume: VolumeSpec): string => (volume.kind === "managed" ? "" : volume.name);

/** The managed volume first, then the others by name. */
const volumes = (specs: readonly VolumeSpec[]): readonly ECSTaskDefinitionVolume[] =>
  specs.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).map(volumeDefinition);

const fileSystemId = (id: ValueOrImport): Text => (id.kind === "value" ? asWritten(id.value) : toText(id));

function volumeDefinition(volume: VolumeSpec): ECSTaskDefinitionVolume {
  if (volume.kind === "scratch") return { Name: volume.name };
  const isManaged = volume.kind === "managed";
  return {
    Name: volume.name,
    EFSVolumeConfiguration: {
      FilesystemId: isManaged ? getAtt("EnvControllerAction", "ManagedFileSystemID") : fileSystemId(volume.id),
      RootDirectory: isManaged ? "/" : (volume.rootDirectory ?? "/"),
      TransitEncryption: "ENABLED",
      AuthorizationConfig: isManaged
        ? { AccessPointId: ref("AccessPoint"), IAM: "ENABLED" }
        : { AccessPointId: volume.accessPointId, IAM: volume.iam === true ? "ENABLED" : "DISABLED" },
    },
  };
}
