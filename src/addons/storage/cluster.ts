import { findInMap, getAzs, join, ref, select, sub, type Text } from "../../targets/aws/cloudformation/intrinsics.ts";
import { policyDocument } from "../../targets/aws/cloudformation/policy.ts";
import { resource, type Parameter, type Resource, type Resources, type Template } from "../../targets/aws/cloudformation/template.ts";
import { toLogicalId } from "../../targets/aws/templates/workload/naming.ts";
import { engineOf } from "./engines.ts";
import type { ClusterRequest } from "./storage-request.ts";

/** What the templates of a cluster have in common, whoever it lives with. */
export interface ClusterParts {
  readonly id: string;
  readonly request: ClusterRequest;
  /** What descriptions call the cluster. */
  readonly kind: string;
}

/** The parts of a cluster of this name. */
export function toClusterParts(name: string, request: ClusterRequest): ClusterParts {
  return { id: toLogicalId(name), request, kind: request.version === "v1" ? "DB cluster" : "Aurora Serverless v2 cluster" };
}

/** The parameters by which a person sets the cluster up: their defaults are to be edited. */
export function clusterParameters({ id, request }: ClusterParts): Readonly<Record<string, Parameter>> {
  const database: Parameter = { Type: "String", Description: "Name of the first database.", Default: request.initialDatabase };
  if (request.version === "v2") return { [`${id}DBName`]: database };
  const pause: Parameter = { Type: "Number", Description: "Seconds without connections after which the cluster pauses.", Default: 1000 };
  return { [`${id}DBName`]: database, [`${id}DBAutoPauseSeconds`]: pause };
}

/** The table of capacities by environment, with an entry for all others. */
export function capacityMappings({ id, request }: ClusterParts): NonNullable<Template["Mappings"]> {
  const lowest = request.version === "v2" ? 0.5 : request.engine === "MySQL" ? 1 : 2;
  const capacity = { DBMinCapacity: lowest, DBMaxCapacity: 8 };
  return { [`${id}EnvScalingConfigurationMap`]: Object.fromEntries([...request.environments, "All"].map((name) => [name, capacity])) };
}

/** Secret, parameter group, cluster, its writer and the attachment of the secret. */
export function databaseResources(parts: ClusterParts): Resources {
  const { id, request } = parts;
  const group = request.parameterGroup === undefined ? { [`${id}DBClusterParameterGroup`]: parameterGroup(parts) } : {};
  const writer = request.version === "v2" ? { [`${id}DBWriterInstance`]: writerInstance(parts) } : {};
  return {
    [`${id}AuroraSecret`]: mainUserSecret(parts),
    ...group,
    [`${id}DBCluster`]: cluster(parts),
    ...writer,
    [`${id}SecretAuroraClusterAttachment`]: resource("AWS::SecretsManager::SecretTargetAttachment", {
      SecretId: ref(`${id}AuroraSecret`),
      TargetId: ref(`${id}DBCluster`),
      TargetType: "AWS::RDS::DBCluster",
    }),
  };
}

/** Lets whoever has it read the password of the main user. */
export function secretAccessPolicy({ id }: ClusterParts): Resource {
  return resource(
    "AWS::IAM::ManagedPolicy",
    {
      Description: sub("Grants read access to the ${Secret} secret", { Secret: ref(`${id}AuroraSecret`) }),
      PolicyDocument: policyDocument({
        Sid: "SecretActions",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [ref(`${id}AuroraSecret`)],
      }),
    },
    { description: "An IAM policy for your service to read the credentials of the database" },
  );
}

function mainUserSecret({ request }: ClusterParts): Resource {
  return resource(
    "AWS::SecretsManager::Secret",
    {
      Description: sub("Aurora main user secret for ${AWS::StackName}"),
      GenerateSecretString: {
        SecretStringTemplate: `{"username": "${engineOf(request).mainUser}"}`,
        GenerateStringKey: "password",
        ExcludePunctuation: true,
        IncludeSpace: false,
        PasswordLength: 16,
      },
    },
    { description: "A Secrets Manager secret with the credentials of the database" },
  );
}

function parameterGroup({ request }: ClusterParts): Resource {
  const { parameterGroupFamily, parameters } = engineOf(request);
  return resource(
    "AWS::RDS::DBClusterParameterGroup",
    { Description: ref("AWS::StackName"), Family: parameterGroupFamily, Parameters: parameters },
    { description: "A parameter group with settings of the database engine" },
  );
}

function cluster(parts: ClusterParts): Resource {
  const { id, request } = parts;
  const { name, version, port } = engineOf(request);
  return resource(
    "AWS::RDS::DBCluster",
    {
      MasterUsername: secretField(id, "username"),
      MasterUserPassword: secretField(id, "password"),
      DatabaseName: ref(`${id}DBName`),
      Engine: name,
      EngineVersion: version,
      DBClusterParameterGroupName: request.parameterGroup ?? ref(`${id}DBClusterParameterGroup`),
      DBSubnetGroupName: ref(`${id}DBSubnetGroup`),
      VpcSecurityGroupIds: [ref(`${id}DBClusterSecurityGroup`)],
      ...(request.version === "v2"
        ? { Port: port, ServerlessV2ScalingConfiguration: capacityOf(id) }
        : {
            EngineMode: "serverless",
            ScalingConfiguration: { AutoPause: true, ...capacityOf(id), SecondsUntilAutoPause: ref(`${id}DBAutoPauseSeconds`) },
          }),
    },
    { description: `The ${id} Aurora Serverless ${request.version === "v2" ? "v2 " : ""}database cluster` },
  );
}

function capacityOf(id: string) {
  const capacity = (bound: string) => findInMap(`${id}EnvScalingConfigurationMap`, "All", bound);
  return { MinCapacity: capacity("DBMinCapacity"), MaxCapacity: capacity("DBMaxCapacity") };
}

/** CloudFormation reads the field when it makes the cluster: neither template nor parameters hold the password. */
function secretField(id: string, field: string): Text {
  return join("", ["{{resolve:secretsmanager:", ref(`${id}AuroraSecret`), `:SecretString:${field}}}`]);
}

function writerInstance({ id, request }: ClusterParts): Resource {
  return resource(
    "AWS::RDS::DBInstance",
    {
      DBClusterIdentifier: ref(`${id}DBCluster`),
      DBInstanceClass: "db.serverless",
      Engine: engineOf(request).name,
      PromotionTier: 1,
      AvailabilityZone: select(0, getAzs(ref("AWS::Region"))),
    },
    { description: `The ${id} Aurora Serverless v2 writer instance` },
  );
}
