import { importValue, ref, sub } from "../../targets/aws/cloudformation/intrinsics.ts";
import type { JsonObject } from "../../targets/aws/cloudformation/json.ts";
import type { Output, Resources, Template } from "../../targets/aws/cloudformation/template.ts";
import { toLogicalId } from "../../targets/aws/templates/workload/naming.ts";
import { ingressRule, securityGroup, subnetGroup } from "./cluster-network.ts";
import { capacityMappings, clusterParameters, databaseResources, toClusterParts, type ClusterParts } from "./cluster.ts";
import { engineOf } from "./engines.ts";
import { environmentParameters, networkParameters, serviceSecurityGroupParameter, workloadParameters } from "./storage-parameters.ts";
import type { ClusterRequest } from "./storage-request.ts";

/** Parameters that pass an environment's network to its addons. */
export const environmentClusterParameters: JsonObject = {
  VPCID: { Ref: "VPC" },
  PrivateSubnets: { "Fn::Join": [",", [{ Ref: "PrivateSubnet1" }, { Ref: "PrivateSubnet2" }]] },
};

/** Parameters that pass the security group of an App Runner service to its addons. */
export const appRunnerClusterParameters: JsonObject = {
  ServiceSecurityGroupId: { "Fn::GetAtt": ["ServiceSecurityGroup", "GroupId"] },
};

/** A cluster that lives with the environment, for workloads on ECS: they get in by a security group which is exported for them. */
export function environmentClusterTemplate(name: string, request: ClusterRequest): Template {
  const parts = toClusterParts(name, request);
  const { id, kind } = parts;
  const workloadGroup = securityGroup(parts, {
    description: `A security group for workloads to reach the ${kind} ${id}`,
    groupDescription: `The Security Group to access ${kind} ${id}.`,
    vpc: ref("VPCID"),
    nameTag: NAME_TAG,
  });
  const rule = ingressRule(engineOf(request).port, {
    description: "Ingress from one or more workloads in the environment.",
    into: ref(`${id}DBClusterSecurityGroup`),
    from: ref(`${id}WorkloadSecurityGroup`),
  });
  return template(parts, {
    resources: {
      [`${id}WorkloadSecurityGroup`]: workloadGroup,
      [`${id}DBClusterSecurityGroup`]: clusterGroup(parts),
      [`${id}DBClusterSecurityGroupIngressFromWorkload`]: rule,
    },
    outputs: {
      [`${id}SecurityGroup`]: {
        Description: "Security group for workloads that use the cluster.",
        Value: ref(`${id}WorkloadSecurityGroup`),
        Export: { Name: sub(exportName(id, "SecurityGroup")) },
      },
    },
  });
}

/** As {@link environmentClusterTemplate}, for services on App Runner: each adds a rule of its own to the cluster's security group. */
export function appRunnerEnvironmentClusterTemplate(name: string, request: ClusterRequest): Template {
  const parts = toClusterParts(name, request);
  const { id } = parts;
  return template(parts, {
    resources: { [`${id}DBClusterSecurityGroup`]: clusterGroup(parts) },
    outputs: {
      [`${id}ClusterSecurityGroup`]: {
        Description: "Security group of the cluster.",
        Value: ref(`${id}DBClusterSecurityGroup`),
        Export: { Name: sub(exportName(id, "DBClusterSecurityGroup")) },
      },
    },
  });
}

/** Lets a service on App Runner into a cluster of its environment. */
export function appRunnerIngressTemplate(name: string, request: Pick<ClusterRequest, "engine">): Template {
  const id = toLogicalId(name);
  const rule = ingressRule(engineOf({ ...request, version: "v2" }).port, {
    description: sub("Ingress from workload ${Name}."),
    into: importValue(sub(exportName(id, "DBClusterSecurityGroup"))),
    from: ref("ServiceSecurityGroupId"),
  });
  return {
    Parameters: { ...workloadParameters, ...serviceSecurityGroupParameter },
    Resources: { [`${id}ClusterSecurityGroupIngressFromWorkload`]: rule },
  };
}

const NAME_TAG = sub("copilot-${App}-${Env}-Aurora");

const exportName = (id: string, suffix: string): string => `\${App}-\${Env}-${id}${suffix}`;

function template(
  parts: ClusterParts,
  own: { readonly resources: Resources; readonly outputs: Readonly<Record<string, Output>> },
): Template {
  const { id } = parts;
  return {
    Parameters: { ...environmentParameters, ...clusterParameters(parts), ...networkParameters },
    Mappings: capacityMappings(parts),
    Resources: {
      [`${id}DBSubnetGroup`]: subnetGroup("Group of private subnets for Aurora Serverless v2 cluster.", ref("PrivateSubnets")),
      ...own.resources,
      ...databaseResources(parts),
    },
    Outputs: {
      [`${id}Secret`]: {
        Description: "JSON secret with 'host', 'port', 'dbname', 'username', 'password', 'dbClusterIdentifier' and 'engine'.",
        Value: ref(`${id}AuroraSecret`),
        Export: { Name: sub(exportName(id, "AuroraSecret")) },
      },
      ...own.outputs,
    },
  };
}

function clusterGroup(parts: ClusterParts) {
  return securityGroup(parts, {
    description: `A security group for your ${parts.kind} ${parts.id}`,
    groupDescription: "The Security Group for the Aurora Serverless v2 cluster.",
    vpc: ref("VPCID"),
    nameTag: NAME_TAG,
  });
}
