import { crc32 } from "node:zlib";
import type { VolumeSpec } from "../../../../model/workload-spec.ts";
import { accountId, getAtt, importValue, join, partition, region, sub } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { IAMRolePolicy } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { mainContainer } from "./ecs-workload.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { rolePolicy } from "./roles.ts";

type ManagedVolume = Extract<VolumeSpec, { kind: "managed" }>;
type ImportedVolume = Extract<VolumeSpec, { kind: "efs" }>;

const fileSystemArn = "arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:file-system";

const managedVolume = ({ task }: EcsWorkload): ManagedVolume | undefined =>
  task.volumes.find((volume): volume is ManagedVolume => volume.kind === "managed");

const importedVolumes = ({ task }: EcsWorkload): readonly ImportedVolume[] =>
  task.volumes.filter((volume): volume is ImportedVolume => volume.kind === "efs").toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** The door by which a workload enters its own folder of the environment's file system; none without a managed volume. */
export function fileSystemAccessPoint(workload: EcsWorkload): Resources {
  const volume = managedVolume(workload);
  if (volume === undefined) return {};
  // Live file systems know their owner by this number.
  const owner = crc32(workload.spec.name);
  const uid = volume.uid ?? owner;
  const gid = volume.gid ?? owner;
  return {
    AccessPoint: resource(
      "AWS::EFS::AccessPoint",
      {
        ClientToken: sub("${AppName}-${EnvName}-${WorkloadName}"),
        FileSystemId: getAtt("EnvControllerAction", "ManagedFileSystemID"),
        PosixUser: { Uid: String(uid), Gid: String(gid) },
        RootDirectory: {
          Path: sub(`/${workload.spec.name}`),
          CreationInfo: { OwnerUid: String(uid), OwnerGid: String(gid), Permissions: "0755" },
        },
      },
      { description: "An EFS access point with the owner of your files" },
    ),
  };
}

/** Lets the containers of a task mount its file systems. */
export const fileSystemPolicies = (workload: EcsWorkload): readonly IAMRolePolicy[] => [
  ...importedVolumes(workload).map((volume, index) => importedAccess(volume, { index, writes: writesTo(workload, volume.name) })),
  ...(managedVolume(workload) === undefined ? [] : [managedAccess]),
];

const writesTo = ({ task }: EcsWorkload, volume: string): boolean =>
  mainContainer(task).mountPoints.some((mount) => mount.volume === volume && !mount.readOnly);

function importedAccess(volume: ImportedVolume, use: { readonly index: number; readonly writes: boolean }): IAMRolePolicy {
  const { id, accessPointId } = volume;
  const name: Text =
    id.kind === "value"
      ? `GrantEFSAccess${id.value}-${use.index}`
      : join("", ["GrantEFSAccess", importValue(id.exportName), `-${use.index}`]);
  const arn: Text = id.kind === "value" ? sub(`${fileSystemArn}/${id.value}`) : join("/", [sub(fileSystemArn), importValue(id.exportName)]);
  return rolePolicy(name, {
    Effect: "Allow",
    Action: ["elasticfilesystem:ClientMount", ...(use.writes ? ["elasticfilesystem:ClientWrite"] : [])],
    Condition:
      accessPointId === undefined
        ? undefined
        : throughAccessPoint(
            sub(`arn:\${AWS::Partition}:elasticfilesystem:\${AWS::Region}:\${AWS::AccountId}:access-point/${accessPointId}`),
          ),
    Resource: [arn],
  });
}

const throughAccessPoint = (arn: Text) => ({ StringEquals: { "elasticfilesystem:AccessPointArn": arn } });

const managedAccess: IAMRolePolicy = rolePolicy("GrantAccessCopilotManagedEFS", {
  Effect: "Allow",
  Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
  Condition: throughAccessPoint(getAtt("AccessPoint", "Arn")),
  Resource: [
    sub("arn:${partition}:elasticfilesystem:${region}:${account}:file-system/${fsid}", {
      partition,
      region,
      account: accountId,
      fsid: getAtt("EnvControllerAction", "ManagedFileSystemID"),
    }),
  ],
});
