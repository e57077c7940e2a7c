import { importValue, split, sub, type Text } from "../../targets/aws/cloudformation/intrinsics.ts";
import { resource, type Resource } from "../../targets/aws/cloudformation/template.ts";
import type { ClusterParts } from "./cluster.ts";
import { engineOf } from "./engines.ts";

/** The subnets that a cluster may be in. */
export function subnetGroup(description: string, subnets: Text): Resource {
  return resource("AWS::RDS::DBSubnetGroup", { DBSubnetGroupDescription: description, SubnetIds: split(",", subnets) });
}

/** What the environment's stack exports under this suffix. */
export const environmentExport = (suffix: string) => importValue(sub(`\${App}-\${Env}-${suffix}`));

/** Who lets whom in. */
export interface SecurityGroupOptions {
  readonly description: string;
  readonly groupDescription: Text;
  readonly vpc: Text;
  readonly nameTag: Text;
  /** The security group that may reach the database, and what its rule says. */
  readonly from?: { readonly group: Text; readonly description: Text };
}

/** A security group; with `from`, that of a database which lets one other group in. */
export function securityGroup({ request }: ClusterParts, options: SecurityGroupOptions): Resource {
  const { port } = engineOf(request);
  const { from } = options;
  const rule = from && {
    ToPort: port,
    FromPort: port,
    IpProtocol: "tcp",
    Description: from.description,
    SourceSecurityGroupId: from.group,
  };
  return resource(
    "AWS::EC2::SecurityGroup",
    {
      GroupDescription: options.groupDescription,
      SecurityGroupIngress: rule && [rule],
      VpcId: options.vpc,
      Tags: [{ Key: "Name", Value: options.nameTag }],
    },
    { description: options.description },
  );
}

/** A rule of its own that lets a security group into a database. */
export function ingressRule(port: number, rule: { readonly description: Text; readonly into: Text; readonly from: Text }): Resource {
  return resource("AWS::EC2::SecurityGroupIngress", {
    Description: rule.description,
    GroupId: rule.into,
    IpProtocol: "tcp",
    ToPort: port,
    FromPort: port,
    SourceSecurityGroupId: rule.from,
  });
}
