import { ref, sub } from "../../targets/aws/cloudformation/intrinsics.ts";
import type { Template } from "../../targets/aws/cloudformation/template.ts";
import { environmentExport, securityGroup, subnetGroup } from "./cluster-network.ts";
import {
  capacityMappings,
  clusterParameters,
  databaseResources,
  secretAccessPolicy,
  toClusterParts,
  type ClusterParts,
} from "./cluster.ts";
import { serviceSecurityGroupParameter, workloadParameters } from "./storage-parameters.ts";
import type { ClusterRequest } from "./storage-request.ts";

const SECRET_FIELDS = "JSON secret with 'host', 'port', 'dbname', 'username', 'password', 'dbClusterIdentifier' and 'engine'.";

/** A cluster that lives with a workload on ECS: it gets a security group which the cluster lets in. */
export function workloadClusterTemplate(name: string, request: ClusterRequest): Template {
  const parts = toClusterParts(name, request);
  const { id, kind } = parts;
  const workloadGroup = securityGroup(parts, {
    description: `A security group for your workload to reach the ${kind} ${id}`,
    groupDescription: sub(`The Security Group for \${Name} to access ${kind} ${id}.`),
    vpc: environmentExport("VpcId"),
    nameTag: NAME_TAG,
  });
  return {
    Parameters: { ...workloadParameters, ...clusterParameters(parts) },
    Mappings: capacityMappings(parts),
    Resources: {
      [`${id}DBSubnetGroup`]: subnets(parts),
      [`${id}SecurityGroup`]: workloadGroup,
      [`${id}DBClusterSecurityGroup`]: clusterGroup(parts, `${id}SecurityGroup`),
      ...databaseResources(parts),
    },
    Outputs: {
      [`${id}Secret`]: { Description: SECRET_FIELDS, Value: ref(`${id}AuroraSecret`) },
      [`${id}SecurityGroup`]: { Description: "Security group that Copilot adds to the workload.", Value: ref(`${id}SecurityGroup`) },
    },
  };
}

/** A cluster that lives with a service on App Runner, which is let in by the security group of its VPC connector. */
export function appRunnerClusterTemplate(name: string, request: ClusterRequest): Template {
  const parts = toClusterParts(name, request);
  const { id } = parts;
  return {
    Parameters: { ...workloadParameters, ...serviceSecurityGroupParameter, ...clusterParameters(parts) },
    Mappings: capacityMappings(parts),
    Resources: {
      [`${id}DBSubnetGroup`]: subnets(parts),
      [`${id}DBClusterSecurityGroup`]: clusterGroup(parts, "ServiceSecurityGroupId"),
      [`${id}AuroraSecretAccessPolicy`]: secretAccessPolicy(parts),
      ...databaseResources(parts),
    },
    Outputs: {
      [`${id}AuroraSecretAccessPolicy`]: {
        Description: "Policy that Copilot attaches to the instance role.",
        Value: ref(`${id}AuroraSecretAccessPolicy`),
      },
      [`${id}Secret`]: { Description: SECRET_FIELDS, Value: ref(`${id}AuroraSecret`) },
    },
  };
}

const NAME_TAG = sub("copilot-${App}-${Env}-${Name}-Aurora");

function subnets({ request }: ClusterParts) {
  const kind = request.version === "v1" ? "Aurora cluster" : "Aurora Serverless v2 cluster";
  return subnetGroup(`Group of Copilot private subnets for ${kind}.`, environmentExport("PrivateSubnets"));
}

function clusterGroup(parts: ClusterParts, from: string) {
  const { id, kind, request } = parts;
  return securityGroup(parts, {
    description: `A security group for your ${kind} ${id}`,
    groupDescription: `The Security Group for the ${request.version === "v1" ? "database cluster" : kind}.`,
    vpc: environmentExport("VpcId"),
    nameTag: NAME_TAG,
    from: { group: ref(from), description: sub("From the Aurora Security Group of the workload ${Name}.") },
  });
}
