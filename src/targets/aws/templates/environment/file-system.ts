import type { Text } from "../../cloudformation/intrinsics.ts";
import { join, ref, sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resource, Resources } from "../../cloudformation/template.ts";
import { nameTag } from "./names.ts";
import type { Network } from "./network.ts";

const condition = "CreateEFS";

/** The file system that workloads share; it exists while one needs it. Only roles of this environment can mount it. */
export function fileSystem(network: Network): Resources {
  return {
    FileSystem: resource(
      "AWS::EFS::FileSystem",
      {
        BackupPolicy: { Status: "ENABLED" },
        Encrypted: true,
        FileSystemPolicy: fileSystemPolicy,
        LifecyclePolicies: [{ TransitionToIA: "AFTER_30_DAYS" }],
        PerformanceMode: "generalPurpose",
        ThroughputMode: "bursting",
      },
      { description: "The file system that keeps the files of tasks", condition },
    ),
    EFSSecurityGroup: resource(
      "AWS::EC2::SecurityGroup",
      {
        GroupDescription: join("", [ref("AppName"), "-", ref("EnvironmentName"), "EFSSecurityGroup"]),
        VpcId: network.vpcId,
        Tags: nameTag("-efs"),
      },
      { description: "Lets the tasks reach the file system", condition },
    ),
    EFSSecurityGroupIngressFromEnvironment: resource(
      "AWS::EC2::SecurityGroupIngress",
      {
        Description: "Ingress from containers in the Environment Security Group.",
        GroupId: ref("EFSSecurityGroup"),
        IpProtocol: "-1",
        SourceSecurityGroupId: ref("EnvironmentSecurityGroup"),
      },
      { condition },
    ),
    ...Object.fromEntries(network.privateSubnets.map((subnet, index) => mountTarget(subnet, index + 1))),
  };
}

const fileSystemPolicy = {
  Version: "2012-10-17",
  Id: "CopilotEFSPolicy",
  Statement: [
    {
      Sid: "AllowIAMFromTaggedRoles",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientWrite", "elasticfilesystem:ClientMount"],
      Condition: {
        Bool: { "elasticfilesystem:AccessedViaMountTarget": true },
        StringEquals: {
          "iam:ResourceTag/copilot-application": sub("${AppName}"),
          "iam:ResourceTag/copilot-environment": sub("${EnvironmentName}"),
        },
      },
    },
    {
      Sid: "DenyUnencryptedAccess",
      Effect: "Deny",
      Principal: "*",
      Action: "elasticfilesystem:*",
      Condition: { Bool: { "aws:SecureTransport": false } },
    },
  ],
};

const mountTarget = (subnet: Text, count: number): [string, Resource] => [
  `MountTarget${count}`,
  resource(
    "AWS::EFS::MountTarget",
    { FileSystemId: ref("FileSystem"), SubnetId: subnet, SecurityGroups: [ref("EFSSecurityGroup")] },
    { condition },
  ),
];
